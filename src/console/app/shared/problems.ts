import { label, type Label } from './label.ts';

/** An error code of the hub, or of the way to it, in words that say what to do. */
const problems: Readonly<Record<string, Label>> = {
  NETWORK: label(
    '无法连接联桥。请检查网络，或确认服务正在运行。',
    'The hub cannot be reached. Check the network, or that the service is running.',
  ),
  TIMEOUT: label('联桥没有及时答复，请稍后再查。', 'The hub did not answer in time. Try again later.'),
  UNREADABLE: label(
    '收到的答复无法读取，可能被中间的代理改动。',
    'The answer cannot be read; a proxy on the way may have changed it.',
  ),
  UNAUTHENTICATED: label(
    '身份令牌无效或已过期。请换一个令牌；演示令牌一小时后失效，重新查询即可更新。',
    'The token is not valid or has expired. Use another; demo tokens last an hour and are renewed by searching again.',
  ),
  NOT_FOUND: label(
    '没有这张工单，或者它不对这位使用者开放：两种情况的答复相同，不作区分。',
    'There is no such ticket, or it is not open to this caller: both are answered alike.',
  ),
  PURPOSE_REQUIRED: label(
    '没有写明使用目的。请选择一个使用目的。',
    'The request names no purpose. Choose what the data is read for.',
  ),
  PURPOSE_NOT_ALLOWED: label(
    '令牌不含所选的使用目的。请换一个目的，或请签发单位补上。',
    'The token does not carry this purpose. Choose another, or ask its issuer.',
  ),
  REASON_REQUIRED: label('紧急调用须写明理由。', 'An emergency read must state its reason.'),
  TICKET_REQUIRED: label(
    '须写明所依据的工单编号。',
    'The request must name the ticket that it is for (Lianqiao-Ticket).',
  ),
  TICKET_MISMATCH: label(
    '请求所写的工单编号与查询的工单不同。',
    'The ticket that the request names is not the one it asks for.',
  ),
  SOURCE_UNAVAILABLE: label(
    '工单来源系统暂不可用，请稍后再查。',
    'The system that holds the ticket is not available. Try again later.',
  ),
  LIMIT_EXCEEDED: label('查询超出了联桥的上限。', 'The query is beyond a limit of the hub.'),
  DEADLINE_EXCEEDED: label(
    '来源系统没有按时答复，请稍后再查。',
    'The sources did not answer in time. Try again later.',
  ),
  LEDGER_UNAVAILABLE: label(
    '披露记录暂时无法写入，因此不能提供数据。',
    'The disclosure log cannot be written now, so no data may be given.',
  ),
  BAD_USER_INPUT: label(
    '联桥读不懂这个请求。请检查工单编号的写法（来源:编号）。',
    'The hub cannot read the request. Check how the ticket number is written (SOURCE:number).',
  ),
  GRAPHQL_VALIDATION_FAILED: label(
    '此联桥的数据结构与本页不一致，请更新本页。',
    'This hub has another schema than the page expects. Update the page.',
  ),
  INTROSPECTION_DENIED: label(
    '此令牌不能读取数据结构（仅限数据管理员 STEWARD）：可以查询，没有文档与自动补全。',
    'This token may not read the schema (role STEWARD only): queries run, without docs and completion.',
  ),
};

const other = label(
  '联桥未能给出答复，运维人员已得到通知。',
  'The hub could not answer; its operators have been told.',
);

export function problemLabel(code: string): Label {
  return problems[code] ?? other;
}
