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

/** 房屋危险性等级 (JGJ 125) */
export type DangerGrade =
  /** A 级: no danger */
  | 'A'
  /** B 级: a dangerous point */
  | 'B'
  /** C 级: partly dangerous */
  | 'C'
  /** D 级: wholly dangerous */
  | 'D';

/** 危房鉴定 */
export type DilapidatedHouse = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 鉴定编号 */
  readonly appraisalNo: Scalars['ID']['output'];
  /** 鉴定日期 */
  readonly appraisedOn?: Maybe<Scalars['Date']['output']>;
  /** 鉴定等级 */
  readonly dangerGrade?: Maybe<DangerGrade>;
  /** 房屋编码 */
  readonly houseCode?: Maybe<Scalars['ID']['output']>;
  /** 处置措施 */
  readonly measure?: Maybe<Scalars['String']['output']>;
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

/** 房屋 */
export type House = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 地址 */
  readonly address?: Maybe<Scalars['String']['output']>;
  /** 幢 */
  readonly building?: Maybe<Scalars['String']['output']>;
  /** 建成年份 */
  readonly builtYear?: Maybe<Scalars['Int']['output']>;
  /** 物业服务企业的统一社会信用代码 */
  readonly companyUscc?: Maybe<Scalars['USCC']['output']>;
  /** 危险性等级 */
  readonly dangerGrade?: Maybe<DangerGrade>;
  /** 危房鉴定 */
  readonly dilapidation?: Maybe<DilapidatedHouse>;
  /** 行政区划 */
  readonly divisionCode?: Maybe<Scalars['DivisionCode']['output']>;
  /** 小区 */
  readonly estate?: Maybe<Scalars['String']['output']>;
  /** 建筑面积, in square metres */
  readonly floorArea?: Maybe<Scalars['Float']['output']>;
  /** 房屋编码 (不动产单元号) */
  readonly houseCode: Scalars['ID']['output'];
  /** 套内面积, in square metres */
  readonly innerArea?: Maybe<Scalars['Float']['output']>;
  /** 租赁备案 */
  readonly leases?: Maybe<ReadonlyArray<LeaseRegistration>>;
  /** 专项维修资金 */
  readonly maintenanceFund?: Maybe<MaintenanceFund>;
  /** 权利人证件号码 */
  readonly ownerIdNumber?: Maybe<Scalars['ResidentId']['output']>;
  /** 权利人姓名 */
  readonly ownerName?: Maybe<Scalars['String']['output']>;
  /** 物业服务企业 */
  readonly propertyCompany?: Maybe<PropertyCompany>;
  /** 室 */
  readonly room?: Maybe<Scalars['String']['output']>;
  /** 标准地址 */
  readonly standardAddress?: Maybe<Scalars['String']['output']>;
  /** 结构 */
  readonly structure?: Maybe<Scalars['String']['output']>;
  /** 单元 */
  readonly unit?: Maybe<Scalars['String']['output']>;
  /** 用途 */
  readonly use?: Maybe<Scalars['String']['output']>;
};

/** 工单与房屋的匹配 */
export type HouseMatch = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 所属部门 */
  readonly agency?: Maybe<Scalars['AgencyCode']['output']>;
  /** 置信度, 0 to 1 */
  readonly confidence?: Maybe<Scalars['Float']['output']>;
  /** 取数时间 */
  readonly fetchedAt?: Maybe<Scalars['DateTime']['output']>;
  /** 房屋 */
  readonly house?: Maybe<House>;
  /** 匹配方式 */
  readonly matchedBy?: Maybe<MatchMethod>;
  /** 数据来源 */
  readonly source?: Maybe<Scalars['String']['output']>;
  /** 陈旧起始时间, null for data that is fresh */
  readonly staleSince?: Maybe<Scalars['DateTime']['output']>;
};

/** 工单接收记录 — what the housing department recorded of a ticket that it got. Reconciliation compares it with the hotline's handoffs. */
export type HousingReceipt = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 答复时间: when it was answered, by this record */
  readonly answeredAt?: Maybe<Scalars['DateTime']['output']>;
  /** 本单位案号: two records with one number are one case */
  readonly caseNo?: Maybe<Scalars['ID']['output']>;
  /** 来文单位: who gave it, as recorded on receipt */
  readonly from?: Maybe<Scalars['AgencyCode']['output']>;
  /** 接收编号 */
  readonly receiptNo: Scalars['ID']['output'];
  /** 接收时间 */
  readonly receivedAt?: Maybe<Scalars['DateTime']['output']>;
  /** 所收工单编号 */
  readonly ticketNo?: Maybe<Scalars['ID']['output']>;
};

/** 租赁备案 */
export type LeaseRegistration = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 房屋编码 */
  readonly houseCode?: Maybe<Scalars['ID']['output']>;
  /** 备案编号 */
  readonly leaseNo: Scalars['ID']['output'];
  /** 承租人 */
  readonly lesseeName?: Maybe<Scalars['String']['output']>;
  /** 承租人电话 */
  readonly lesseePhone?: Maybe<Scalars['Phone']['output']>;
  /** 出租人 */
  readonly lessorName?: Maybe<Scalars['String']['output']>;
  /** 月租金, in yuan */
  readonly monthlyRent?: Maybe<Scalars['Money']['output']>;
  /** 租期自 */
  readonly termFrom?: Maybe<Scalars['Date']['output']>;
  /** 租期至 */
  readonly termTo?: Maybe<Scalars['Date']['output']>;
};

/** 专项维修资金 */
export type MaintenanceFund = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 资金账号 */
  readonly account?: Maybe<Scalars['String']['output']>;
  /** 余额, in yuan */
  readonly balance?: Maybe<Scalars['Money']['output']>;
  /** 房屋编码 */
  readonly houseCode: Scalars['ID']['output'];
  /** 更新日期 */
  readonly updatedOn?: Maybe<Scalars['Date']['output']>;
};

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

/** 物业服务企业 */
export type PropertyCompany = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 联系人 */
  readonly contactName?: Maybe<Scalars['String']['output']>;
  /** 联系电话 */
  readonly contactPhone?: Maybe<Scalars['Phone']['output']>;
  /** 服务小区 */
  readonly estates?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** 名称 */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** 统一社会信用代码 */
  readonly uscc: Scalars['USCC']['output'];
};

export type Query = {
  /** 按房屋编码取房屋; needs `Lianqiao-Ticket` and shows what that ticket joins */
  readonly house?: Maybe<House>;
};


export type QueryHouseArgs = {
  houseCode: Scalars['ID']['input'];
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

export type Ticket = {
  /** 相关房屋, at most 50 */
  readonly houses?: Maybe<ReadonlyArray<HouseMatch>>;
  /** 本单位的工单接收记录 */
  readonly housingReceipts?: Maybe<ReadonlyArray<HousingReceipt>>;
  readonly ticketNo: Scalars['ID']['output'];
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
