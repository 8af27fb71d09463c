import { label } from '../shared/label.ts';
import type { Format, ListNode, RecordNode, SectionShape, ShapeNode, ValueNode } from './shape.ts';

/** How a record was joined to the ticket, and how sure that is. */
const match = [
  value('matchedBy', '匹配方式', 'Matched by', 'matchMethod'),
  value('confidence', '置信度', 'Confidence', 'percent'),
];

/** What the page asks of a ticket, and in which order it shows it. The query is made from this. */
export const sections: readonly SectionShape[] = [
  {
    id: 'ticket',
    label: label('工单', 'Ticket'),
    nodes: [
      value('ticketNo', '工单编号', 'Ticket number'),
      value('type', '诉求分类', 'Type', 'ticketType'),
      value('status', '工单状态', 'Status', 'ticketStatus'),
      value('urgency', '紧急程度', 'Urgency', 'urgency'),
      value('title', '工单标题', 'Title'),
      value('content', '诉求内容', 'Content'),
      value('categoryPath', '诉求类目', 'Category', 'path'),
      value('reporterName', '诉求人姓名', 'Reporter name'),
      value('reporterPhone', '诉求人电话', 'Reporter phone'),
      value('reporterIdNumber', '诉求人证件号码', 'Reporter ID number'),
      value('confidential', '是否要求保密', 'Secrecy asked', 'yesNo'),
      value('street', '街道（乡镇）', 'Street'),
      value('community', '社区（村）', 'Community'),
      value('address', '诉求地址', 'Address'),
      value('leadAgency', '主办单位', 'Lead agency', 'agency'),
      value('coAgencies', '协办单位', 'Co-agencies', 'agency'),
      value('receivedAt', '来电时间', 'Received', 'time'),
      value('dueAt', '办理时限', 'Due', 'time'),
      value('closedAt', '办结时间', 'Closed', 'time'),
      value('result', '办理结果', 'Result'),
      value('satisfaction', '满意度', 'Satisfaction', 'satisfaction'),
    ],
  },
  {
    id: 'police',
    label: label('警情', 'Police incidents'),
    nodes: [
      list(
        'policeIncidents',
        '警情',
        'Incident',
        ['incident', 'incidentNo'],
        [
          ...match,
          record('incident', '警情', 'Incident', [
            value('incidentNo', '接警单编号', 'Incident number'),
            value('callTime', '报警时间', 'Call time', 'time'),
            value('state', '警情状态', 'State', 'incidentState'),
            value('categoryPath', '警情类别', 'Category', 'path'),
            value('jurisdictionStation', '辖区派出所', 'Police station'),
            value('incidentAddress', '案发地址', 'Incident address'),
            value('callerName', '报警人姓名', 'Caller name'),
            value('callerPhone', '报警电话', 'Caller phone'),
            value('narrative', '报警内容', 'Narrative'),
            list(
              'involvedParties',
              '警情当事人',
              'Involved parties',
              ['partyNo'],
              [value('partyNo', '当事人编号', 'Party number')],
            ),
          ]),
        ],
      ),
    ],
  },
  {
    id: 'grid',
    label: label('网格', 'Grid'),
    nodes: [
      record('grid', '所在网格', 'Grid', [
        ...match,
        record('grid', '网格', 'Grid', [
          value('gridCode', '网格编码', 'Grid code'),
          value('name', '网格名称', 'Grid name'),
          value('households', '户数', 'Households'),
          list(
            'workers',
            '网格员',
            'Grid worker',
            ['workerNo'],
            [
              value('workerNo', '网格员编号', 'Worker number'),
              value('name', '姓名', 'Name'),
              value('phone', '电话', 'Phone'),
              value('onDuty', '是否在岗', 'On duty', 'yesNo'),
            ],
          ),
        ]),
      ]),
    ],
  },
  {
    id: 'market',
    label: label('市场主体', 'Market entities'),
    nodes: [
      list(
        'marketEntities',
        '市场主体',
        'Entity',
        ['entity', 'uscc'],
        [
          ...match,
          record('entity', '市场主体', 'Entity', [
            value('uscc', '统一社会信用代码', 'Social credit code'),
            value('name', '名称', 'Name'),
            value('status', '登记状态', 'Status', 'entityStatus'),
            value('address', '住所', 'Address'),
            value('legalRepresentative', '法定代表人', 'Legal representative'),
            value('contactPhone', '联系电话', 'Contact phone'),
            list(
              'penalties',
              '行政处罚',
              'Penalty',
              ['decisionNo'],
              [
                value('decisionNo', '处罚决定书文号', 'Decision number'),
                value('kind', '处罚种类', 'Kind'),
                value('amount', '罚款金额', 'Fine', 'money'),
                value('decidedOn', '处罚决定日期', 'Decided on', 'date'),
              ],
            ),
          ]),
        ],
      ),
    ],
  },
  {
    id: 'houses',
    label: label('房屋', 'Houses'),
    nodes: [
      list(
        'houses',
        '房屋',
        'House',
        ['house', 'houseCode'],
        [
          ...match,
          record('house', '房屋', 'House', [
            value('houseCode', '房屋编码', 'House code'),
            value('estate', '小区', 'Estate'),
            value('address', '地址', 'Address'),
            value('use', '用途', 'Use'),
            value('dangerGrade', '危险性等级', 'Danger grade', 'dangerGrade'),
            value('ownerName', '权利人姓名', 'Owner name'),
            record('propertyCompany', '物业服务企业', 'Property company', [
              value('name', '物业企业名称', 'Property company'),
              value('contactName', '物业联系人', 'Company contact'),
              value('contactPhone', '物业联系电话', 'Company phone'),
            ]),
            record('maintenanceFund', '专项维修资金', 'Maintenance fund', [
              value('balance', '维修资金余额', 'Fund balance', 'money'),
            ]),
            list(
              'leases',
              '租赁备案',
              'Lease',
              ['leaseNo'],
              [
                value('leaseNo', '备案编号', 'Lease number'),
                value('lesseeName', '承租人', 'Lessee'),
                value('monthlyRent', '月租金', 'Monthly rent', 'money'),
              ],
            ),
          ]),
        ],
      ),
    ],
  },
  {
    id: 'related',
    label: label('关联工单', 'Related tickets'),
    nodes: [
      list(
        'relatedTickets',
        '关联工单',
        'Related ticket',
        ['ticket', 'ticketNo'],
        [
          value('kind', '关联类型', 'Kind', 'relatedKind'),
          value('grounds', '依据', 'Grounds', 'relatedGround'),
          value('confidence', '可信度', 'Confidence', 'percent'),
          record('ticket', '所关联的工单', 'Ticket', [
            value('ticketNo', '工单编号', 'Ticket number', 'ticketNo'),
            value('title', '工单标题', 'Title'),
            value('status', '工单状态', 'Status', 'ticketStatus'),
            value('leadAgency', '主办单位', 'Lead agency', 'agency'),
            value('receivedAt', '来电时间', 'Received', 'time'),
            value('closedAt', '办结时间', 'Closed', 'time'),
          ]),
        ],
      ),
    ],
  },
  {
    id: 'handoffs',
    label: label('流转', 'Handoffs'),
    nodes: [
      steps(
        'handoffs',
        '环节',
        'Step',
        ['runId'],
        ['kind', 'at'],
        [
          value('at', '时间', 'Time', 'time'),
          value('kind', '流转类型', 'Kind', 'handoffKind'),
          value('from', '转出单位', 'From', 'agency'),
          value('to', '接收单位', 'To', 'agency'),
          value('by', '经办人', 'Handler'),
          value('reason', '意见', 'Opinion'),
        ],
      ),
    ],
  },
  {
    id: 'trace',
    label: label('轨迹', 'Trace'),
    nodes: [
      record('trace', '流转轨迹', 'Trace', [
        value('heldBy', '当前承办单位', 'Held by', 'agency'),
        value('returnCount', '退单次数', 'Returns'),
        steps(
          'findings',
          '问题',
          'Finding',
          ['kind', 'at', 'agency'],
          ['kind', 'at'],
          [
            value('kind', '问题类型', 'Kind', 'findingKind'),
            value('agency', '涉及单位', 'Agency', 'agency'),
            value('at', '发生时间', 'Time', 'time'),
            value('runIds', '依据流转', 'Rests on handoffs'),
            value('fields', '依据字段', 'Rests on fields', 'ticketField'),
            value('confidence', '可信度', 'Confidence', 'percent'),
          ],
        ),
        steps(
          'hops',
          '停留',
          'Stay',
          ['since', 'agency'],
          ['agency', 'since'],
          [
            value('agency', '承办单位', 'Agency', 'agency'),
            value('from', '转出单位', 'From', 'agency'),
            value('kind', '转入方式', 'Came by', 'handoffKind'),
            value('by', '转入经办人', 'Handed on by'),
            value('reason', '转入意见', 'Opinion'),
            value('since', '转入时间', 'Since', 'time'),
            value('until', '转出时间', 'Until', 'time'),
            value('heldForSeconds', '停留时长', 'Held for', 'duration'),
            value('heldForWorkingSeconds', '停留工作时长', 'Held for, office hours', 'duration'),
            value('signedLate', '是否逾期签收', 'Signed for late', 'yesNo'),
            value('overdue', '停留期间是否逾期', 'Overdue meanwhile', 'yesNo'),
          ],
        ),
        steps(
          'circles',
          '转圈',
          'Circle',
          ['againAt', 'agency'],
          ['agency', 'againAt'],
          [
            value('agency', '单位', 'Agency', 'agency'),
            value('firstAt', '首次转入', 'First', 'time'),
            value('againAt', '再次转入', 'Again', 'time'),
            value('through', '其间经过', 'Through', 'agency'),
          ],
        ),
        steps(
          'pingPongs',
          '推诿往返',
          'Ping-pong',
          ['first', 'second'],
          ['first', 'second'],
          [
            value('first', '单位甲', 'First', 'agency'),
            value('second', '单位乙', 'Second', 'agency'),
            value('times', '往返次数', 'Times'),
            value('at', '往返时间', 'At', 'time'),
          ],
        ),
      ]),
    ],
  },
];

function value(field: string, zh: string, en: string, format: Format = 'text'): ValueNode {
  return { kind: 'value', field, label: label(zh, en), format };
}

function record(field: string, zh: string, en: string, nodes: readonly ShapeNode[]): RecordNode {
  return { kind: 'record', field, label: label(zh, en), nodes };
}

function list(field: string, zh: string, en: string, key: readonly string[], nodes: readonly ShapeNode[]): ListNode {
  return { kind: 'list', field, label: label(zh, en), keys: [key], layout: 'rows', headline: [], nodes };
}

function steps(
  field: string,
  zh: string,
  en: string,
  keys: readonly string[],
  headline: readonly string[],
  nodes: readonly ValueNode[],
): ListNode {
  return {
    kind: 'list',
    field,
    label: label(zh, en),
    keys: keys.map((key) => [key]),
    layout: 'entries',
    headline,
    nodes,
  };
}
