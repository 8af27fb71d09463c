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

/** 处警单 */
export type DispatchRecord = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 到达时间 */
  readonly arriveTime?: Maybe<Scalars['DateTime']['output']>;
  /** 出警人员 */
  readonly crew?: Maybe<Scalars['String']['output']>;
  /** 处警单编号 */
  readonly dispatchNo: Scalars['ID']['output'];
  /** 派单时间 */
  readonly dispatchTime?: Maybe<Scalars['DateTime']['output']>;
  /** 接警单编号 */
  readonly incidentNo?: Maybe<Scalars['ID']['output']>;
  /** 签收时间 */
  readonly signTime?: Maybe<Scalars['DateTime']['output']>;
  /** 处警单位 */
  readonly unit?: Maybe<Scalars['String']['output']>;
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

/** 反馈单 */
export type IncidentFeedback = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 反馈内容 */
  readonly content?: Maybe<Scalars['String']['output']>;
  /** 反馈单编号 */
  readonly feedbackNo: Scalars['ID']['output'];
  /** 反馈时间 */
  readonly feedbackTime?: Maybe<Scalars['DateTime']['output']>;
  /** 接警单编号 */
  readonly incidentNo?: Maybe<Scalars['ID']['output']>;
  /** 处理结果 */
  readonly outcome?: Maybe<Scalars['String']['output']>;
  /** 反馈单位 */
  readonly unit?: Maybe<Scalars['String']['output']>;
};

/** 警情级别 */
export type IncidentGrade =
  /** 四级 */
  | 'FOUR'
  /** 一级 */
  | 'ONE'
  /** 三级 */
  | 'THREE'
  /** 二级 */
  | 'TWO';

/** 警情状态 */
export type IncidentState =
  /** 已派警 */
  | 'DISPATCHED'
  /** 已分流 */
  | 'DIVERTED'
  /** 已反馈 */
  | 'FEEDBACK'
  /** 已办结 */
  | 'FINISHED'
  /** 处置中 */
  | 'HANDLING'
  /** 已接警 */
  | 'RECEIVED';

/** 警情当事人 — never shared. */
export type InvolvedParty = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 民族 */
  readonly ethnicity?: Maybe<Scalars['String']['output']>;
  /** 证件号码 */
  readonly idNumber?: Maybe<Scalars['ResidentId']['output']>;
  /** 接警单编号 */
  readonly incidentNo?: Maybe<Scalars['ID']['output']>;
  /** 重点人员类别 */
  readonly keyPersonKind?: Maybe<Scalars['String']['output']>;
  /** 姓名 */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** 当事人编号 */
  readonly partyNo: Scalars['ID']['output'];
  /** 政治面貌 */
  readonly politicalStatus?: Maybe<Scalars['String']['output']>;
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

/** 警情 (接警单) — a call to 110. */
export type PoliceIncident = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 报警人地址 */
  readonly callAddress?: Maybe<Scalars['String']['output']>;
  /** 报警时间 */
  readonly callTime?: Maybe<Scalars['DateTime']['output']>;
  /** 报警电话密钥摘要: what the match by number reads */
  readonly callerDigest?: Maybe<Scalars['String']['output']>;
  /** 报警人姓名 */
  readonly callerName?: Maybe<Scalars['String']['output']>;
  /** 报警电话 */
  readonly callerPhone?: Maybe<Scalars['Phone']['output']>;
  /** 警情类别代码 */
  readonly categoryCode?: Maybe<Scalars['String']['output']>;
  /** 警情类别名称, up to four levels, the broadest first */
  readonly categoryPath?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** 是否涉密 (SFBM) */
  readonly confidential?: Maybe<Scalars['Boolean']['output']>;
  /** 坐标系 */
  readonly crs?: Maybe<CoordinateSystem>;
  /** 处警单 */
  readonly dispatches?: Maybe<ReadonlyArray<DispatchRecord>>;
  /** 分流后的工单 */
  readonly divertedTicket?: Maybe<Ticket>;
  /** 分流至工单的编号 */
  readonly divertedTicketNo?: Maybe<Scalars['ID']['output']>;
  /** 行政区划 */
  readonly divisionCode?: Maybe<Scalars['DivisionCode']['output']>;
  /** 反馈单 */
  readonly feedbacks?: Maybe<ReadonlyArray<IncidentFeedback>>;
  /** 办结时间 */
  readonly finishTime?: Maybe<Scalars['DateTime']['output']>;
  /** 案发地址 */
  readonly incidentAddress?: Maybe<Scalars['String']['output']>;
  /** 警情级别 */
  readonly incidentGrade?: Maybe<IncidentGrade>;
  /** 接警单编号 */
  readonly incidentNo: Scalars['ID']['output'];
  /** 警情当事人 */
  readonly involvedParties?: Maybe<ReadonlyArray<InvolvedParty>>;
  /** 辖区派出所 */
  readonly jurisdictionStation?: Maybe<Scalars['String']['output']>;
  /** 管辖单位代码, 12 digits */
  readonly jurisdictionUnit?: Maybe<Scalars['String']['output']>;
  /** 纬度 */
  readonly latitude?: Maybe<Scalars['Float']['output']>;
  /** 经度 */
  readonly longitude?: Maybe<Scalars['Float']['output']>;
  /** 报警内容 */
  readonly narrative?: Maybe<Scalars['String']['output']>;
  /** 是否非警务警情 */
  readonly nonPolice?: Maybe<Scalars['Boolean']['output']>;
  /** 接警时间 */
  readonly receiveTime?: Maybe<Scalars['DateTime']['output']>;
  /** 标准地址 */
  readonly standardAddress?: Maybe<Scalars['String']['output']>;
  /** 警情状态 */
  readonly state?: Maybe<IncidentState>;
};

/** 统计维度: what incidents are counted by */
export type PoliceIncidentDimension =
  /** 警情类别代码 */
  | 'CATEGORY'
  /** 行政区划 */
  | 'DISTRICT'
  /** 行政区划与警情状态 */
  | 'DISTRICT_BY_STATE'
  /** 警情状态 */
  | 'STATE';

/** 工单与警情的匹配 */
export type PoliceIncidentMatch = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 所属部门 */
  readonly agency?: Maybe<Scalars['AgencyCode']['output']>;
  /** 置信度, 0 to 1 */
  readonly confidence?: Maybe<Scalars['Float']['output']>;
  /** 取数时间 */
  readonly fetchedAt?: Maybe<Scalars['DateTime']['output']>;
  /** 警情 */
  readonly incident?: Maybe<PoliceIncident>;
  /** 匹配方式 */
  readonly matchedBy?: Maybe<MatchMethod>;
  /** 数据来源 */
  readonly source?: Maybe<Scalars['String']['output']>;
  /** 陈旧起始时间, null for data that is fresh */
  readonly staleSince?: Maybe<Scalars['DateTime']['output']>;
};

/** 工单接收记录 — what the police recorded of a ticket that it got. Reconciliation compares it with the hotline's handoffs. */
export type PoliceReceipt = {
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

export type Query = {
  /** 按编号取警情; needs `Lianqiao-Ticket` and shows what that ticket joins */
  readonly policeIncident?: Maybe<PoliceIncident>;
  /** 警情统计: how many incidents were called in in the month, of those that the caller may know of; for the purpose `STATISTICS` */
  readonly policeIncidentStatistics?: Maybe<StatisticsTable>;
};


export type QueryPoliceIncidentArgs = {
  incidentNo: Scalars['ID']['input'];
};


export type QueryPoliceIncidentStatisticsArgs = {
  by: PoliceIncidentDimension;
  month: Scalars['Month']['input'];
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
  /** 相关警情, at most 50 */
  readonly policeIncidents?: Maybe<ReadonlyArray<PoliceIncidentMatch>>;
  /** 本单位的工单接收记录 */
  readonly policeReceipts?: Maybe<ReadonlyArray<PoliceReceipt>>;
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
