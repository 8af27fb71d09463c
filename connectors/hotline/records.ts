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

/** 办理时限: of a ticket that has a due time and is neither answered nor closed */
export type AwaitedDeadline =
  /** 即将超期 */
  | 'ABOUT_TO_OVERDUE'
  /** 已超期 */
  | 'OVERDUE'
  /** 未到期 */
  | 'RUNNING';

export type Case = Ticket;

/** 核对单位 */
export type ComparedAgency = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 单位 */
  readonly agency?: Maybe<Scalars['AgencyCode']['output']>;
  /** 接收记录数; null where they were not compared */
  readonly receiptCount?: Maybe<Scalars['Int']['output']>;
  /** 核对情况 */
  readonly state?: Maybe<ComparedState>;
};

/** 核对情况 */
export type ComparedState =
  /** 已核对 */
  | 'COMPARED'
  /** 未授权: the caller is not given the agency's receipts, or the handoffs */
  | 'NOT_GIVEN'
  /** 数据陈旧: what came is too old to compare */
  | 'STALE'
  /** 数据源不可用 */
  | 'UNAVAILABLE';

/** 坐标系 */
export type CoordinateSystem =
  | 'CGCS2000'
  | 'GCJ02'
  | 'WGS84';

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

export type Grid = {
  readonly gridCode: Scalars['ID']['output'];
  /** 本网格的工单 */
  readonly tickets?: Maybe<TicketConnection>;
};


export type GridTicketsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** 流转记录 — one step of a ticket from agency to agency. */
export type Handoff = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 时间 */
  readonly at?: Maybe<Scalars['DateTime']['output']>;
  /** 经办人 */
  readonly by?: Maybe<Scalars['String']['output']>;
  /** 办理时限: in force after this step; null where the source does not say */
  readonly dueAt?: Maybe<Scalars['DateTime']['output']>;
  /** 佐证材料数: of a `FEEDBACK` or `CLOSE`, references to evidence up to then, since the last rework */
  readonly evidenceCount?: Maybe<Scalars['Int']['output']>;
  /** 转出单位 */
  readonly from?: Maybe<Scalars['AgencyCode']['output']>;
  /** 是否转 110 */
  readonly is110?: Maybe<Scalars['Boolean']['output']>;
  /** 流转类型 */
  readonly kind?: Maybe<HandoffKind>;
  /** 环节名称 */
  readonly nodeName?: Maybe<Scalars['String']['output']>;
  /** 接处警编号 */
  readonly policeNo?: Maybe<Scalars['ID']['output']>;
  /** 意见 (原因) */
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** 流转编号 */
  readonly runId: Scalars['ID']['output'];
  /** 签收时限: by when whoever got it has to sign for it; of a `SIGN_FOR`, the one that it had. Null where the source does not say */
  readonly signBy?: Maybe<Scalars['DateTime']['output']>;
  /** 是否现场核实: of a `FEEDBACK` or `CLOSE`, whether a visit on site was needed */
  readonly siteVisit?: Maybe<Scalars['Boolean']['output']>;
  /** 所属工单编号 */
  readonly ticketNo?: Maybe<Scalars['ID']['output']>;
  /** 接收单位 */
  readonly to?: Maybe<Scalars['AgencyCode']['output']>;
};

/** 流转问题 */
export type HandoffFinding = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 涉及单位 */
  readonly agency?: Maybe<Scalars['AgencyCode']['output']>;
  /** 发生时间: the newest event that the finding rests on */
  readonly at?: Maybe<Scalars['DateTime']['output']>;
  /** 可信度, 0 to 1: below 1 for a lost handoff that something in the records speaks against, and for two tickets that need not belong together */
  readonly confidence?: Maybe<Scalars['Float']['output']>;
  /** 行政区划 */
  readonly divisionCode?: Maybe<Scalars['DivisionCode']['output']>;
  /** 编号 */
  readonly findingId: Scalars['ID']['output'];
  /** 依据: of a lost handoff, what it rests on; empty for all else */
  readonly grounds?: Maybe<ReadonlyArray<LostHandoffGround>>;
  /** 问题类型 */
  readonly kind?: Maybe<HandoffFindingKind>;
  /** 关联工单的主办单位 */
  readonly relatedAgency?: Maybe<Scalars['AgencyCode']['output']>;
  /** 关联工单的行政区划 */
  readonly relatedDivisionCode?: Maybe<Scalars['DivisionCode']['output']>;
  /** 关联工单 */
  readonly relatedTicket?: Maybe<Ticket>;
  /** 关联工单编号: the earlier ticket of two that belong together */
  readonly relatedTicketNo?: Maybe<Scalars['ID']['output']>;
  /** 是否已消除: a lost handoff of which the records agree again; what is computed anew at each asking goes away instead */
  readonly settled?: Maybe<Scalars['Boolean']['output']>;
  /** 消除时间: when that was seen */
  readonly settledAt?: Maybe<Scalars['DateTime']['output']>;
  /** 所涉工单 */
  readonly ticket?: Maybe<Ticket>;
  /** 工单编号 */
  readonly ticketNo?: Maybe<Scalars['ID']['output']>;
  /** 次数: returns, times that the agency got the ticket, or times that it went to and fro; 1 for all else */
  readonly times?: Maybe<Scalars['Int']['output']>;
};

export type HandoffFindingConnection = {
  readonly edges: ReadonlyArray<HandoffFindingEdge>;
  readonly nodes: ReadonlyArray<HandoffFinding>;
  readonly pageInfo: PageInfo;
  /** 总数 */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

export type HandoffFindingEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: HandoffFinding;
};

export type HandoffFindingFilter = {
  readonly agency?: InputMaybe<ReadonlyArray<Scalars['AgencyCode']['input']>>;
  /** A division's code: the findings of that division and of those below it. */
  readonly area?: InputMaybe<Scalars['DivisionCode']['input']>;
  readonly before?: InputMaybe<Scalars['DateTime']['input']>;
  readonly from?: InputMaybe<Scalars['DateTime']['input']>;
  readonly kind?: InputMaybe<ReadonlyArray<HandoffFindingKind>>;
  /** Of lost handoffs, those of which the records agree again, or those that are open. */
  readonly settled?: InputMaybe<Scalars['Boolean']['input']>;
  readonly ticketNo?: InputMaybe<Scalars['ID']['input']>;
};

/** 流转问题类型 */
export type HandoffFindingKind =
  /** 已答未反馈 */
  | 'ANSWERED_NOT_FED_BACK'
  /** 转圈 */
  | 'CIRCLE'
  /** 办结未解决 */
  | 'CLOSED_UNRESOLVED'
  /** 无佐证办结 */
  | 'CLOSED_WITHOUT_EVIDENCE'
  /** 重复工单: the same person, matter and place, while an earlier ticket was open */
  | 'DUPLICATE'
  /** 逾期签收 */
  | 'LATE_SIGNED'
  /** 可合并工单: the same matter and place while an earlier ticket was open */
  | 'MERGE_CANDIDATE'
  /** 逾期未办结 */
  | 'OVERDUE'
  /** 推诿往返 */
  | 'PING_PONG'
  /** 已收未派 */
  | 'RECEIVED_NOT_SENT'
  /** 多次退单 */
  | 'REPEATED_RETURN'
  /** 重复投诉: the same person again on the same matter, after an earlier ticket was closed */
  | 'REPEAT_COMPLAINT'
  /** 解决不满意 */
  | 'RESOLVED_UNSATISFIED'
  /** 已派未收 */
  | 'SENT_NOT_RECEIVED';

/** 流转类型 */
export type HandoffKind =
  /** 受理 */
  | 'ACCEPT'
  /** 考核 */
  | 'APPRAISE'
  /** 归档 */
  | 'ARCHIVE'
  /** 办结 */
  | 'CLOSE'
  /** 会签 */
  | 'CO_SIGN'
  /** 延期审批 */
  | 'DECIDE_EXTENSION'
  /** 交办 (派单) */
  | 'DISPATCH'
  /** 转 110、119、120 */
  | 'EMERGENCY'
  /** 特提 (上报) */
  | 'ESCALATE'
  /** 反馈 */
  | 'FEEDBACK'
  /** 回访 */
  | 'FOLLOW_UP'
  /** 派单异议 */
  | 'OBJECT'
  /** 下派: to a unit below, in the same agency */
  | 'PUSH_DOWN'
  /** 改派 */
  | 'REASSIGN'
  /** 延期申请 */
  | 'REQUEST_EXTENSION'
  /** 退回 */
  | 'RETURN'
  /** 重办 */
  | 'REWORK'
  /** 退单审核, 异议裁定 */
  | 'RULE'
  /** 签收 */
  | 'SIGN_FOR'
  /** 办理: the handling begins */
  | 'START'
  /** 督办 */
  | 'SUPERVISE'
  /** 催办 */
  | 'URGE';

/** 失联问题 */
export type LostHandoff = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 涉及单位: whose record disagrees with the hotline's */
  readonly agency?: Maybe<Scalars['AgencyCode']['output']>;
  /** 时间: when it was sent, received or answered */
  readonly at?: Maybe<Scalars['DateTime']['output']>;
  /** 可信度, 0 to 1; below 1 where something in the records speaks against it */
  readonly confidence?: Maybe<Scalars['Float']['output']>;
  /** 依据 */
  readonly grounds?: Maybe<ReadonlyArray<LostHandoffGround>>;
  /** 问题类型 */
  readonly kind?: Maybe<LostHandoffKind>;
  /** 依据接收编号: the agency's record; null where it has none */
  readonly receiptNo?: Maybe<Scalars['ID']['output']>;
  /** 依据流转编号: the hotline's step; null where it has none */
  readonly runId?: Maybe<Scalars['ID']['output']>;
};

/** 失联依据 */
export type LostHandoffGround =
  /** 平台内已操作: the agency signed for it, answered or returned it in the hub all the same */
  | 'ACTED_IN_HUB'
  /** 未反馈即办结: the hotline closed the ticket without it */
  | 'CLOSED_WITHOUT_IT'
  /** 已不在该单位: it was given on, taken back or closed since */
  | 'HELD_NO_LONGER'
  /** 收多于派: the agency recorded it more often than it was sent */
  | 'MORE_RECEIPTS_THAN_HANDOFFS'
  /** 无反馈记录 */
  | 'NO_FEEDBACK'
  /** 无流转记录: the hotline's record has no sending to the agency at all */
  | 'NO_HANDOFF'
  /** 无接收记录 */
  | 'NO_RECEIPT'
  /** 先收后派: the agency's receipt is earlier than the sending, by more than clocks may differ */
  | 'RECEIPT_BEFORE_SENDING';

/** 失联类型 */
export type LostHandoffKind =
  /** 已答未反馈: the agency answered by its own record, the hotline has no answer */
  | 'ANSWERED_NOT_FED_BACK'
  /** 已收未派: the agency has a receipt, the hotline sent nothing */
  | 'RECEIVED_NOT_SENT'
  /** 已派未收: the hotline sent it, the agency has no receipt */
  | 'SENT_NOT_RECEIVED';

export type MarketEntity = {
  /** 涉及该主体的工单 */
  readonly tickets?: Maybe<TicketConnection>;
  readonly uscc: Scalars['ID']['output'];
};


export type MarketEntityTicketsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
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

export type Query = {
  /** 流转问题 */
  readonly handoffFindings?: Maybe<HandoffFindingConnection>;
  /** 按编号取工单. The ticket of `Lianqiao-Ticket`, where that is sent, must be the same. */
  readonly ticket?: Maybe<Ticket>;
  /** 工单统计: how many tickets came in in the month; for the purpose `STATISTICS` */
  readonly ticketStatistics?: Maybe<StatisticsTable>;
  /** 工单列表: those that the caller's row rules show */
  readonly tickets?: Maybe<TicketConnection>;
  /** 按编号批量取工单, at most 100, in the order asked; null where there is none to show */
  readonly ticketsByNo?: Maybe<ReadonlyArray<Maybe<Ticket>>>;
};


export type QueryHandoffFindingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<HandoffFindingFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryTicketArgs = {
  ticketNo: Scalars['ID']['input'];
};


export type QueryTicketStatisticsArgs = {
  by: TicketDimension;
  month: Scalars['Month']['input'];
};


export type QueryTicketsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TicketFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<TicketOrder>;
};


export type QueryTicketsByNoArgs = {
  ticketNos: ReadonlyArray<Scalars['ID']['input']>;
};

/** 失联核对 — the hotline's handoffs compared with what each agency recorded of the ticket. Only what the caller is given of both goes into it. */
export type Reconciliation = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 核对单位: every agency that keeps receipts; what was not compared is no finding */
  readonly agencies?: Maybe<ReadonlyArray<ComparedAgency>>;
  /** 失联问题, in order of time */
  readonly findings?: Maybe<ReadonlyArray<LostHandoff>>;
};

/** 关联依据 */
export type RelatedGround =
  /** 同一事项 */
  | 'MATTER'
  /** 同一诉求人 */
  | 'PERSON'
  /** 同一地点 */
  | 'PLACE'
  /** 时间相近 */
  | 'TIME';

/** 关联类型 */
export type RelatedKind =
  /** 重复工单: the same person, matter and place, while the earlier ticket was open */
  | 'DUPLICATE'
  /** 可合并工单: the same matter and place while the earlier ticket was open, not known to be of one person */
  | 'MERGE_CANDIDATE'
  /** 重复投诉: the same person again on the same matter, after the earlier ticket was closed */
  | 'REPEAT_COMPLAINT';

/** 关联工单 — another ticket that you may see, on the same matter, and what the two are to each other. */
export type RelatedTicket = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 可信度, 0 to 1 */
  readonly confidence?: Maybe<Scalars['Float']['output']>;
  /** 依据: what of the two agrees */
  readonly grounds?: Maybe<ReadonlyArray<RelatedGround>>;
  /** 关联类型 */
  readonly kind?: Maybe<RelatedKind>;
  /** 所关联的工单 */
  readonly ticket?: Maybe<Ticket>;
};

/** 满意度 */
export type Satisfaction =
  /** 不满意 */
  | 'DISSATISFIED'
  /** 基本满意 */
  | 'NEUTRAL'
  /** 满意 */
  | 'SATISFIED'
  /** 非常不满意 */
  | 'VERY_DISSATISFIED'
  /** 非常满意 */
  | 'VERY_SATISFIED';

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

/** 工单 — a citizen's request to the 12345 hotline. */
export type Ticket = {
  /** 受理时间 */
  readonly acceptedAt?: Maybe<Scalars['DateTime']['output']>;
  /** 各字段访问结果 */
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 诉求地址 */
  readonly address?: Maybe<Scalars['String']['output']>;
  /** 是否匿名 */
  readonly anonymous?: Maybe<Scalars['Boolean']['output']>;
  /** 诉求类目, up to five levels, the broadest first */
  readonly categoryPath?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** 受理渠道 */
  readonly channel?: Maybe<Scalars['String']['output']>;
  /** 办结时间 */
  readonly closedAt?: Maybe<Scalars['DateTime']['output']>;
  /** 协办单位 */
  readonly coAgencies?: Maybe<ReadonlyArray<Scalars['AgencyCode']['output']>>;
  /** 社区 (村) */
  readonly community?: Maybe<Scalars['String']['output']>;
  /** 是否要求保密: the reporter asked for secrecy */
  readonly confidential?: Maybe<Scalars['Boolean']['output']>;
  /** 协办单位, confirmed by the hotline: what conditions read */
  readonly confirmedCoAgencies?: Maybe<ReadonlyArray<Scalars['AgencyCode']['output']>>;
  /** 诉求内容 */
  readonly content?: Maybe<Scalars['String']['output']>;
  /** 坐标系 */
  readonly crs?: Maybe<CoordinateSystem>;
  /** 是否疑难 */
  readonly difficult?: Maybe<Scalars['Boolean']['output']>;
  /** 派单时间 */
  readonly dispatchedAt?: Maybe<Scalars['DateTime']['output']>;
  /** 行政区划 */
  readonly divisionCode?: Maybe<Scalars['DivisionCode']['output']>;
  /** 办理时限 */
  readonly dueAt?: Maybe<Scalars['DateTime']['output']>;
  /** 是否延期 */
  readonly extended?: Maybe<Scalars['Boolean']['output']>;
  /** 是否属实 */
  readonly factual?: Maybe<Scalars['Boolean']['output']>;
  /** 首接单位 */
  readonly firstReceiver?: Maybe<Scalars['AgencyCode']['output']>;
  /** 曾承办后退回的单位 */
  readonly formerAgencies?: Maybe<ReadonlyArray<Scalars['AgencyCode']['output']>>;
  /** 网格编码 */
  readonly gridCode?: Maybe<Scalars['GridCode']['output']>;
  /** 办理完成时间 */
  readonly handledAt?: Maybe<Scalars['DateTime']['output']>;
  /** 流转记录, the earliest first */
  readonly handoffs?: Maybe<ReadonlyArray<Handoff>>;
  /** 房屋编码 */
  readonly houseCode?: Maybe<Scalars['String']['output']>;
  /** 是否联合办理 */
  readonly jointHandling?: Maybe<Scalars['Boolean']['output']>;
  /** 纬度 */
  readonly latitude?: Maybe<Scalars['Float']['output']>;
  /** 主办单位 */
  readonly leadAgency?: Maybe<Scalars['AgencyCode']['output']>;
  /** 主办单位的经办机构 (second level) */
  readonly leadUnit?: Maybe<Scalars['String']['output']>;
  /** 经度 */
  readonly longitude?: Maybe<Scalars['Float']['output']>;
  /** 是否超出受理范围 */
  readonly outOfRemit?: Maybe<Scalars['Boolean']['output']>;
  /** 关联警情编号 */
  readonly policeIncidentNo?: Maybe<Scalars['ID']['output']>;
  /** 来电时间 */
  readonly receivedAt?: Maybe<Scalars['DateTime']['output']>;
  /** 关联工单 (重复投诉、重复工单、可合并工单), the newest first, at most 20 */
  readonly relatedTickets?: Maybe<ReadonlyArray<RelatedTicket>>;
  /** 答复意见 */
  readonly replyText?: Maybe<Scalars['String']['output']>;
  /** 诉求人证件号码 */
  readonly reporterIdNumber?: Maybe<Scalars['ResidentId']['output']>;
  /** 诉求人姓名 */
  readonly reporterName?: Maybe<Scalars['String']['output']>;
  /** 诉求人电话 */
  readonly reporterPhone?: Maybe<Scalars['Phone']['output']>;
  /** 是否解决 */
  readonly resolved?: Maybe<Scalars['Boolean']['output']>;
  /** 办理结果 */
  readonly result?: Maybe<Scalars['String']['output']>;
  /** 是否退单 */
  readonly returned?: Maybe<Scalars['Boolean']['output']>;
  /** 满意度 */
  readonly satisfaction?: Maybe<Satisfaction>;
  /** 满意度原始代码, as the source wrote it */
  readonly satisfactionRaw?: Maybe<Scalars['String']['output']>;
  /** 签收时间 */
  readonly signedAt?: Maybe<Scalars['DateTime']['output']>;
  /** 来源系统 */
  readonly sourceSystem?: Maybe<Scalars['String']['output']>;
  /** 标准地址 */
  readonly standardAddress?: Maybe<Scalars['String']['output']>;
  /** 工单状态 */
  readonly status?: Maybe<TicketStatus>;
  /** 街道 (乡镇) */
  readonly street?: Maybe<Scalars['String']['output']>;
  /** 工单编号, `SOURCE:number` */
  readonly ticketNo: Scalars['ID']['output'];
  /** 工单标题 */
  readonly title?: Maybe<Scalars['String']['output']>;
  /** 流转轨迹 */
  readonly trace?: Maybe<Trace>;
  /** 诉求分类 */
  readonly type?: Maybe<TicketType>;
  /** 未解决原因 */
  readonly unresolvedReason?: Maybe<Scalars['String']['output']>;
  /** 更新时间 */
  readonly updatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** 催办次数 */
  readonly urgeCount?: Maybe<Scalars['Int']['output']>;
  /** 紧急程度 */
  readonly urgency?: Maybe<Urgency>;
  /** 涉及主体的统一社会信用代码 */
  readonly uscc?: Maybe<Scalars['USCC']['output']>;
  /** 回访时间 */
  readonly visitedAt?: Maybe<Scalars['DateTime']['output']>;
};

export type TicketConnection = {
  readonly edges: ReadonlyArray<TicketEdge>;
  readonly nodes: ReadonlyArray<Ticket>;
  readonly pageInfo: PageInfo;
  /** 总数: only the tickets that the caller may see are counted */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** 统计维度: what tickets are counted by */
export type TicketDimension =
  /** 受理渠道 */
  | 'CHANNEL'
  /** 区县: the first six digits of the division's code */
  | 'DISTRICT'
  /** 主办单位 */
  | 'LEAD_AGENCY'
  /** 主办单位与工单状态 */
  | 'LEAD_AGENCY_BY_STATUS'
  /** 满意度 */
  | 'SATISFACTION'
  /** 工单状态 */
  | 'STATUS'
  /** 诉求分类 */
  | 'TYPE'
  /** 诉求分类与区县 */
  | 'TYPE_BY_DISTRICT'
  /** 紧急程度 */
  | 'URGENCY';

export type TicketEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Ticket;
};

export type TicketFilter = {
  /** Updated at this time or later. */
  readonly changedSince?: InputMaybe<Scalars['DateTime']['input']>;
  /** 办理时限: how the awaited answer stands to its due time now */
  readonly deadline?: InputMaybe<ReadonlyArray<AwaitedDeadline>>;
  /** A division's code: the tickets of that division and of those below it. */
  readonly divisionCode?: InputMaybe<Scalars['DivisionCode']['input']>;
  readonly gridCode?: InputMaybe<ReadonlyArray<Scalars['GridCode']['input']>>;
  /** 房屋编码 */
  readonly houseCode?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly leadAgency?: InputMaybe<ReadonlyArray<Scalars['AgencyCode']['input']>>;
  /** Received before this time. */
  readonly receivedBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** Received at this time or later. */
  readonly receivedFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** 诉求人电话: by a caller that sees the numbers, or that may compare them (`match`) */
  readonly reporterPhone?: InputMaybe<Scalars['Phone']['input']>;
  readonly sourceSystem?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly status?: InputMaybe<ReadonlyArray<TicketStatus>>;
  readonly type?: InputMaybe<ReadonlyArray<TicketType>>;
  /** 涉及主体的统一社会信用代码 */
  readonly uscc?: InputMaybe<ReadonlyArray<Scalars['USCC']['input']>>;
};

export type TicketOrder = {
  readonly direction?: SortDirection;
  readonly field?: TicketOrderField;
};

export type TicketOrderField =
  /** 办理时限: only the tickets of which you are given one; the earliest first with `ASC` */
  | 'DUE_AT'
  | 'RECEIVED_AT'
  | 'UPDATED_AT';

/** 工单状态 */
export type TicketStatus =
  /** 受理 */
  | 'ACCEPTED'
  /** 归档 */
  | 'ARCHIVED'
  /** 办结 */
  | 'CLOSED'
  /** 派单 */
  | 'DISPATCHED'
  /** 反馈 */
  | 'FEEDBACK_SUBMITTED'
  /** 办理中 */
  | 'IN_PROGRESS'
  /** 退单 */
  | 'RETURNED'
  /** 重办 */
  | 'REWORK'
  /** 签收 */
  | 'SIGNED_FOR';

/** 诉求分类 */
export type TicketType =
  /** 表扬 */
  | 'COMMENDATION'
  /** 投诉 */
  | 'COMPLAINT'
  /** 咨询 */
  | 'CONSULTATION'
  /** 求助 */
  | 'HELP_REQUEST'
  /** 举报: outside its handling unit only number, status and times show */
  | 'REPORT'
  /** 建议 */
  | 'SUGGESTION';

/** 流转轨迹 — who held the ticket, for how long, and where it circled. */
export type Trace = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 转圈: agencies that got the ticket again after others had held it */
  readonly circles?: Maybe<ReadonlyArray<TraceCircle>>;
  /** 轨迹问题: what is wrong with how it was handled, as far as the record tells */
  readonly findings?: Maybe<ReadonlyArray<TraceFinding>>;
  /** 时点承办: the stay that held it at this time; null where nobody held it then, where the record does not say, and for a time to come */
  readonly heldAt?: Maybe<TraceHop>;
  /** 当前承办单位 */
  readonly heldBy?: Maybe<Scalars['AgencyCode']['output']>;
  /** 经过单位, in order, a stay each */
  readonly hops?: Maybe<ReadonlyArray<TraceHop>>;
  /** 推诿往返: pairs of agencies between which it went to and fro, A to B to A to B; coming by the hotline does not count */
  readonly pingPongs?: Maybe<ReadonlyArray<TracePingPong>>;
  /** 失联核对: where the records of the agencies disagree with the hotline's handoffs, as far as the caller may see both */
  readonly reconciliation?: Maybe<Reconciliation>;
  /** 退单次数 */
  readonly returnCount?: Maybe<Scalars['Int']['output']>;
  /** 所属工单编号 */
  readonly ticketNo: Scalars['ID']['output'];
};


/** 流转轨迹 — who held the ticket, for how long, and where it circled. */
export type TraceHeldAtArgs = {
  at: Scalars['DateTime']['input'];
};

/** 转圈 */
export type TraceCircle = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 再次转入时间 */
  readonly againAt?: Maybe<Scalars['DateTime']['output']>;
  /** 单位 */
  readonly agency?: Maybe<Scalars['AgencyCode']['output']>;
  /** 首次转入时间 */
  readonly firstAt?: Maybe<Scalars['DateTime']['output']>;
  /** 其间经过单位 */
  readonly through?: Maybe<ReadonlyArray<Scalars['AgencyCode']['output']>>;
};

/** 轨迹问题 */
export type TraceFinding = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 涉及单位: who signed late or held it over time; of a closure, the leading agency */
  readonly agency?: Maybe<Scalars['AgencyCode']['output']>;
  /** 发生时间 */
  readonly at?: Maybe<Scalars['DateTime']['output']>;
  /** 可信度, 0 to 1; below 1 where the record has a gap at that place */
  readonly confidence?: Maybe<Scalars['Float']['output']>;
  /** 依据字段: the ticket's fields that it rests on */
  readonly fields?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** 问题类型 */
  readonly kind?: Maybe<TraceFindingKind>;
  /** 依据流转编号: the handoffs that it rests on */
  readonly runIds?: Maybe<ReadonlyArray<Scalars['ID']['output']>>;
};

/** 轨迹问题类型 */
export type TraceFindingKind =
  /** 办结未解决 */
  | 'CLOSED_UNRESOLVED'
  /** 无佐证办结: a visit on site without a reference to evidence */
  | 'CLOSED_WITHOUT_EVIDENCE'
  /** 逾期签收 */
  | 'LATE_SIGNED'
  /** 停留期间逾期 */
  | 'OVERDUE'
  /** 解决不满意 */
  | 'RESOLVED_UNSATISFIED';

/** 轨迹节点 */
export type TraceHop = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 承办单位: held it from `since` until before `until`, so that at any instant one hop at most holds it */
  readonly agency?: Maybe<Scalars['AgencyCode']['output']>;
  /** 转入经办人 */
  readonly by?: Maybe<Scalars['String']['output']>;
  /** 转出单位: the giver that the handoff names */
  readonly from?: Maybe<Scalars['AgencyCode']['output']>;
  /** 停留时长, in seconds; null while it holds the ticket */
  readonly heldForSeconds?: Maybe<Scalars['Int']['output']>;
  /** 停留工作时长, in seconds of office hours on working days; null while it holds the ticket */
  readonly heldForWorkingSeconds?: Maybe<Scalars['Int']['output']>;
  /** 转入方式 */
  readonly kind?: Maybe<HandoffKind>;
  /** 停留期间是否逾期: by the due time in force then, until it answered; null where none is known */
  readonly overdue?: Maybe<Scalars['Boolean']['output']>;
  /** 转入意见 (原因) */
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** 流转编号: the handoff that gave it */
  readonly runId?: Maybe<Scalars['ID']['output']>;
  /** 是否逾期签收; null where it was not signed for, or no time for it is known */
  readonly signedLate?: Maybe<Scalars['Boolean']['output']>;
  /** 转入时间 */
  readonly since?: Maybe<Scalars['DateTime']['output']>;
  /** 转出时间; null while it holds the ticket */
  readonly until?: Maybe<Scalars['DateTime']['output']>;
};

/** 推诿往返 */
export type TracePingPong = {
  readonly access?: Maybe<ReadonlyArray<FieldAccess>>;
  /** 往返时间: when it came to the one or the other, its first coming left out */
  readonly at?: Maybe<ReadonlyArray<Scalars['DateTime']['output']>>;
  /** 单位甲: who had it first */
  readonly first?: Maybe<Scalars['AgencyCode']['output']>;
  /** 单位乙 */
  readonly second?: Maybe<Scalars['AgencyCode']['output']>;
  /** 往返次数: times that it went over from one to the other */
  readonly times?: Maybe<Scalars['Int']['output']>;
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

/** 紧急程度 */
export type Urgency =
  /** 特急 */
  | 'CRITICAL'
  /** 一般 */
  | 'NORMAL'
  /** 紧急 */
  | 'URGENT';
