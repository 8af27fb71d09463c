import { label, type Label } from '../shared/label.ts';

type Codes = Readonly<Record<string, Label>>;

/** The schema's enums, and agencies, in the field's words. A code that a list lacks is shown as it is. */
export const codes = {
  agency: {
    hotline: label('12345 热线', '12345 hotline'),
    police: label('公安', 'Police'),
    grid: label('网格', 'Grid'),
    market: label('市场监管', 'Market regulation'),
    housing: label('住建', 'Housing'),
    audit: label('审计', 'Audit'),
  },
  ticketType: {
    CONSULTATION: label('咨询', 'Consultation'),
    HELP_REQUEST: label('求助', 'Help request'),
    COMPLAINT: label('投诉', 'Complaint'),
    REPORT: label('举报', 'Report'),
    SUGGESTION: label('建议', 'Suggestion'),
    COMMENDATION: label('表扬', 'Commendation'),
  },
  ticketStatus: {
    ACCEPTED: label('受理', 'Accepted'),
    DISPATCHED: label('派单', 'Dispatched'),
    SIGNED_FOR: label('签收', 'Signed for'),
    IN_PROGRESS: label('办理中', 'In progress'),
    FEEDBACK_SUBMITTED: label('反馈', 'Feedback submitted'),
    RETURNED: label('退单', 'Returned'),
    REWORK: label('重办', 'Rework'),
    CLOSED: label('办结', 'Closed'),
    ARCHIVED: label('归档', 'Archived'),
  },
  urgency: {
    NORMAL: label('一般', 'Normal'),
    URGENT: label('紧急', 'Urgent'),
    CRITICAL: label('特急', 'Critical'),
  },
  satisfaction: {
    VERY_SATISFIED: label('非常满意', 'Very satisfied'),
    SATISFIED: label('满意', 'Satisfied'),
    NEUTRAL: label('基本满意', 'Neutral'),
    DISSATISFIED: label('不满意', 'Dissatisfied'),
    VERY_DISSATISFIED: label('非常不满意', 'Very dissatisfied'),
  },
  matchMethod: {
    INCIDENT_NUMBER: label('警情编号', 'Incident number'),
    GRID_CODE: label('网格编码', 'Grid code'),
    USCC: label('统一社会信用代码', 'Social credit code'),
    HOUSE_CODE: label('房屋编码', 'House code'),
    TICKET_NUMBER: label('工单编号', 'Ticket number'),
    CALLER_NUMBER: label('来电号码（密钥摘要）', 'Caller number (keyed digest)'),
    STANDARD_ADDRESS: label('标准地址（模糊）', 'Standard address (fuzzy)'),
  },
  incidentState: {
    RECEIVED: label('已接警', 'Received'),
    DISPATCHED: label('已派警', 'Dispatched'),
    HANDLING: label('处置中', 'Being handled'),
    FEEDBACK: label('已反馈', 'Feedback given'),
    FINISHED: label('已办结', 'Finished'),
    DIVERTED: label('已分流', 'Diverted to the hotline'),
  },
  entityStatus: {
    IN_BUSINESS: label('存续（在营）', 'In business'),
    REVOKED: label('吊销', 'Revoked'),
    DEREGISTERED: label('注销', 'Deregistered'),
    MOVED_OUT: label('迁出', 'Moved out'),
  },
  dangerGrade: {
    A: label('A 级', 'Grade A'),
    B: label('B 级', 'Grade B'),
    C: label('C 级（局部危险）', 'Grade C (partly dangerous)'),
    D: label('D 级（整幢危险）', 'Grade D (wholly dangerous)'),
  },
  relatedKind: {
    REPEAT_COMPLAINT: label('重复投诉', 'Repeated complaint'),
    DUPLICATE: label('重复工单', 'Duplicate'),
    MERGE_CANDIDATE: label('可合并工单', 'May be merged'),
  },
  relatedGround: {
    PERSON: label('同一诉求人', 'Same person'),
    PLACE: label('同一地点', 'Same place'),
    MATTER: label('同一事项', 'Same matter'),
    TIME: label('时间相近', 'Near in time'),
  },
  handoffKind: {
    ACCEPT: label('受理', 'Accept'),
    DISPATCH: label('交办', 'Dispatch'),
    SIGN_FOR: label('签收', 'Sign for'),
    RETURN: label('退回', 'Return'),
    REASSIGN: label('改派', 'Reassign'),
    CO_SIGN: label('会签', 'Co-sign'),
    ESCALATE: label('特提', 'Escalate'),
    FEEDBACK: label('反馈', 'Feedback'),
    CLOSE: label('办结', 'Close'),
    REWORK: label('重办', 'Rework'),
    FOLLOW_UP: label('回访', 'Follow-up'),
    ARCHIVE: label('归档', 'Archive'),
    START: label('办理', 'Start'),
    PUSH_DOWN: label('下派', 'Push down'),
    OBJECT: label('派单异议', 'Object'),
    RULE: label('退单审核、异议裁定', 'Rule'),
    REQUEST_EXTENSION: label('延期申请', 'Request extension'),
    DECIDE_EXTENSION: label('延期审批', 'Decide on extension'),
    EMERGENCY: label('转 110、119、120', 'Emergency'),
    URGE: label('催办', 'Urge'),
    SUPERVISE: label('督办', 'Supervise'),
    APPRAISE: label('考核', 'Appraise'),
  },
  findingKind: {
    LATE_SIGNED: label('逾期签收', 'Signed for late'),
    OVERDUE: label('停留期间逾期', 'Overdue'),
    CLOSED_WITHOUT_EVIDENCE: label('无佐证办结', 'Closed without evidence'),
    CLOSED_UNRESOLVED: label('办结未解决', 'Closed, not resolved'),
    RESOLVED_UNSATISFIED: label('解决不满意', 'Resolved, not satisfied'),
  },
  ticketField: {
    'Ticket.closedAt': label('办结时间', 'Closed'),
    'Ticket.resolved': label('是否解决', 'Resolved'),
    'Ticket.satisfaction': label('满意度', 'Satisfaction'),
  },
} as const satisfies Readonly<Record<string, Codes>>;

export type CodeList = keyof typeof codes;

export function codeLabel(list: CodeList, code: string): Label {
  const found: Codes = codes[list];
  return found[code] ?? label(code, code);
}
