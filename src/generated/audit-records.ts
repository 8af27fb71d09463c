export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** 部门标识: hotline, police, grid, market, housing, audit and those that join later. */
  AgencyCode: { input: string; output: string; }
  /** 部件编码: 16 digits. */
  ComponentCode: { input: string; output: string; }
  /** 日期: 2026-11-23. */
  Date: { input: string; output: string; }
  /** 日期时间, RFC 3339 with the offset +08:00, to the second: 2026-11-23T09:30:00+08:00. */
  DateTime: { input: string; output: string; }
  /** 行政区划代码: 6 digits (GB/T 2260), 9 (street) or 12 (community). */
  DivisionCode: { input: string; output: string; }
  /** 单元网格编码: 15 digits. */
  GridCellCode: { input: string; output: string; }
  /** 网格编码: an opaque code of its source, at most 32 letters, digits, '-' and '_'. */
  GridCode: { input: string; output: string; }
  /** 金额, in yuan, as decimal text with at most two places: 1234.50. */
  Money: { input: string; output: string; }
  /** 月份, a calendar month in +08:00: 2026-10. */
  Month: { input: string; output: string; }
  /** 电话号码, normalised: a mobile of 11 digits, a landline with its area code (0591-87654321), a service number (4008001234), or a short number. A masked number keeps its shape with *. */
  Phone: { input: string; output: string; }
  /** 公民身份号码, 18 characters, real birth date, right check character (GB 11643). */
  ResidentId: { input: string; output: string; }
  /** 统一社会信用代码, 18 characters with both check characters right (GB 32100, GB 11714). */
  USCC: { input: string; output: string; }
};

/** 坐标系 */
export type CoordinateSystem =
  | 'CGCS2000'
  | 'GCJ02'
  | 'WGS84';

/** 披露记录 — one answer that the hub gave: to whom, why, and of which records. It holds no values. */
export type Disclosure = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 使用单位 */
  readonly agency?: Maybe<Scalars['AgencyCode']['output']>;
  /** 时间 */
  readonly at?: Maybe<Scalars['DateTime']['output']>;
  /** 所依据的工单编号 */
  readonly boundTicketNo?: Maybe<Scalars['ID']['output']>;
  /** 不予提供的字段 */
  readonly deniedFields?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** 已提供的字段 */
  readonly disclosedFields?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** 披露编号 */
  readonly disclosureNo: Scalars['ID']['output'];
  /** 查询文本摘要 (SHA-256) */
  readonly documentHash?: Maybe<Scalars['String']['output']>;
  /** 已脱敏的字段 */
  readonly maskedFields?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** 操作员 (or application) */
  readonly operator?: Maybe<Scalars['String']['output']>;
  /** 数据提供单位 */
  readonly owners?: Maybe<ReadonlyArray<Scalars['AgencyCode']['output']>>;
  /** 共享策略版本 */
  readonly policyVersion?: Maybe<Scalars['String']['output']>;
  /** 使用目的 */
  readonly purpose?: Maybe<Scalars['String']['output']>;
  /** 紧急调用理由 */
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** 记录数 */
  readonly recordCount?: Maybe<Scalars['Int']['output']>;
  /** 使用者角色 */
  readonly role?: Maybe<Scalars['String']['output']>;
  /** 是否涉及举报: who read a report stays in its handling unit */
  readonly sealed?: Maybe<Scalars['Boolean']['output']>;
  /** 涉及的工单编号 */
  readonly ticketNos?: Maybe<ReadonlyArray<Scalars['ID']['output']>>;
  /** 来源不可用的字段 */
  readonly unavailableFields?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** 经办机构 */
  readonly unit?: Maybe<Scalars['String']['output']>;
};

export type DisclosureConnection = {
  readonly edges: ReadonlyArray<DisclosureEdge>;
  readonly nodes: ReadonlyArray<Disclosure>;
  readonly pageInfo: PageInfo;
  /** 总数 */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

export type DisclosureEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Disclosure;
};

export type DisclosureFilter = {
  /** The agency that was given data. */
  readonly agency?: InputMaybe<ReadonlyArray<Scalars['AgencyCode']['input']>>;
  readonly before?: InputMaybe<Scalars['DateTime']['input']>;
  readonly from?: InputMaybe<Scalars['DateTime']['input']>;
  readonly purpose?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** 字段访问结果 — what became of one asked field of this record. */
export type FieldAccess = {
  /** 校核中: somebody reported the value as wrong, and its owner has not answered yet */
  readonly disputed: Scalars['Boolean']['output'];
  readonly field: Scalars['String']['output'];
  /** The grant that gave the value, as `agency/grant`; null where nothing was given. */
  readonly rule?: Maybe<Scalars['String']['output']>;
  readonly status: FieldStatus;
};

export type FieldStatus =
  /** 已提供 */
  | 'ALLOWED'
  /** 不予提供 */
  | 'DENIED'
  /** 确无内容 */
  | 'EMPTY'
  /** 已脱敏 */
  | 'MASKED'
  /** 来源不可用 */
  | 'UNAVAILABLE';

/** How a match was made, from the surest to the weakest. */
export type MatchMethod =
  /** 来电号码, by keyed digest, within days */
  | 'CALLER_NUMBER'
  /** 网格编码 */
  | 'GRID_CODE'
  /** 房屋编码 */
  | 'HOUSE_CODE'
  /** 警情编号 */
  | 'INCIDENT_NUMBER'
  /** 标准地址: a fuzzy match, which never opens personal data */
  | 'STANDARD_ADDRESS'
  /** 工单编号 */
  | 'TICKET_NUMBER'
  /** 统一社会信用代码 */
  | 'USCC';

/** Relay Cursor Connections: forward paging. */
export type PageInfo = {
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  readonly hasNextPage: Scalars['Boolean']['output'];
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

export type PersonalKind =
  /** 住址 */
  | 'ADDRESS'
  /** 自由文本: may hold anything, so it is redacted unless a grant says verbatim */
  | 'FREE_TEXT'
  /** 证件号码 */
  | 'ID_NUMBER'
  /** 姓名 */
  | 'NAME'
  /** 其他个人信息 */
  | 'OTHER'
  /** 电话 */
  | 'PHONE';

export type Query = {
  /** 披露记录. An auditor names the ticket; an agency that owns data may ask for all that was given of it. */
  readonly disclosures?: Maybe<DisclosureConnection>;
};


export type QueryDisclosuresArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DisclosureFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  ticketNo?: InputMaybe<Scalars['ID']['input']>;
};

export type ShareCategory =
  /** 有条件共享 */
  | 'CONDITIONAL'
  /** 不予共享: no policy can grant it */
  | 'NONE'
  /** 无条件共享 */
  | 'UNCONDITIONAL';

export type SortDirection =
  | 'ASC'
  | 'DESC';

/** 来源格式: the form in which the provider keeps the data set (发改高技〔2017〕1272号) */
export type SourceFormat =
  /** 数据库 */
  | 'DATABASE'
  /** 电子文件 */
  | 'DOCUMENT'
  /** 图形图像 */
  | 'IMAGE'
  /** 自描述格式 */
  | 'SELF_DESCRIBED'
  /** 服务接口: the source answers requests itself */
  | 'SERVICE'
  /** 电子表格 */
  | 'SPREADSHEET'
  /** 流媒体 */
  | 'STREAM';

export type StatisticsCell = {
  readonly count: Scalars['Int']['output'];
  /** The values as the schema writes them; of a division's code the district's six digits. */
  readonly keys: ReadonlyArray<Scalars['String']['output']>;
};

/** 统计表 — counts of one calendar month, by one fixed dimension, small counts suppressed. See docs/statistics.md. */
export type StatisticsTable = {
  /** 统计维度 */
  readonly by: Scalars['String']['output'];
  /** Counts that may be shown, in the order of their keys. A value that is not listed has none, or too few, or protects another. */
  readonly cells: ReadonlyArray<StatisticsCell>;
  /** The fields that were counted by; `keys` of each cell has their values in this order. */
  readonly coordinates: ReadonlyArray<Scalars['String']['output']>;
  /** 月份 */
  readonly month: Scalars['Month']['output'];
  /** 其余: how many of the total are in no cell below; 0, or at least the threshold. Null where the total is. */
  readonly rest?: Maybe<Scalars['Int']['output']>;
  /** 最小显示数: no smaller count is shown. */
  readonly threshold: Scalars['Int']['output'];
  /** 总数: null where it is below the threshold, or nothing at all. */
  readonly total?: Maybe<Scalars['Int']['output']>;
};

/** 更新周期: how often the provider brings the data set up to date (after ISO 19115, MD_MaintenanceFrequencyCode) */
export type UpdateFrequency =
  /** 按需 */
  | 'AS_NEEDED'
  /** 实时 */
  | 'CONTINUOUS'
  /** 每日 */
  | 'DAILY'
  /** 每两周 */
  | 'FORTNIGHTLY'
  /** 每半年 */
  | 'HALF_YEARLY'
  /** 不定期 */
  | 'IRREGULAR'
  /** 每月 */
  | 'MONTHLY'
  /** 不再更新 */
  | 'NOT_PLANNED'
  /** 每季度 */
  | 'QUARTERLY'
  /** 每周 */
  | 'WEEKLY'
  /** 每年 */
  | 'YEARLY';
