import type { Names } from './names.ts';

/** `schema.graphql`: a record type that tickets lead to, each field with its category, grade and kind of personal data. */
export function schemaFile({ title, type, one, many, node, key, match, state }: Names): string {
  return `"${title}记录状态"
enum ${state} {
  "处理中"
  OPEN
  "已办结"
  CLOSED
}

"${title}记录"
type ${type} @dataset(title: "${title}记录", titleEn: "${type}", updateFrequency: CONTINUOUS, format: DATABASE) {
  "编号"
  ${key}: ID! @share(category: CONDITIONAL) @grade(level: 1)
  "关联工单编号"
  ticketNo: ID @share(category: CONDITIONAL) @grade(level: 1)
  "行政区划"
  divisionCode: DivisionCode @share(category: CONDITIONAL) @grade(level: 1)
  "发生时间"
  happenedAt: DateTime @share(category: CONDITIONAL) @grade(level: 1)
  "状态"
  state: ${state} @share(category: CONDITIONAL) @grade(level: 1)
  "内容"
  summary: String @share(category: CONDITIONAL) @grade(level: 3) @personal(kind: FREE_TEXT)
  "联系人"
  contactName: String @share(category: CONDITIONAL) @grade(level: 3) @personal(kind: NAME)
  "联系电话"
  contactPhone: Phone @share(category: CONDITIONAL) @grade(level: 3) @personal(kind: PHONE)
  access: [FieldAccess!]
}

"工单与${title}记录的匹配"
type ${match} {
  "匹配方式"
  matchedBy: MatchMethod @share(category: CONDITIONAL) @grade(level: 1)
  "置信度, 0 to 1"
  confidence: Float @share(category: CONDITIONAL) @grade(level: 1)
  "所属部门"
  agency: AgencyCode @share(category: CONDITIONAL) @grade(level: 1)
  "数据来源"
  source: String @share(category: CONDITIONAL) @grade(level: 1)
  "取数时间"
  fetchedAt: DateTime @share(category: CONDITIONAL) @grade(level: 1)
  "陈旧起始时间, null for data that is fresh"
  staleSince: DateTime @share(category: CONDITIONAL) @grade(level: 1)
  "${title}记录"
  ${node}: ${type} @share(category: CONDITIONAL) @grade(level: 1)
  access: [FieldAccess!]
}

type Ticket @key(fields: "ticketNo") {
  ticketNo: ID! @external
  "相关${title}记录, at most 50"
  ${many}: [${match}!] @share(category: CONDITIONAL) @grade(level: 1)
}

type Query {
  "按编号取${title}记录; needs \`Lianqiao-Ticket\` and shows what that ticket joins"
  ${one}(${key}: ID!): ${type}
}
`;
}
