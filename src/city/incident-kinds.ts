/** 警情类别: the police's own tree of up to four levels. */
export interface IncidentKind {
  readonly weight: number;
  readonly code: string;
  readonly path: readonly [string, string, string, string | null];
  readonly narratives: readonly string[];
}

export const incidentKinds: readonly IncidentKind[] = [
  {
    weight: 20,
    code: '301001',
    path: ['治安', '扰乱秩序', '噪音扰民', '生活噪音'],
    narratives: ['报警人称楼上深夜吵闹，影响休息', '报警人称楼下商铺音响过大，劝说无果'],
  },
  {
    weight: 15,
    code: '301002',
    path: ['治安', '纠纷', '邻里纠纷', null],
    narratives: ['因漏水赔偿问题与邻居发生争吵', '因楼道堆物与邻居发生口角，要求民警到场'],
  },
  {
    weight: 12,
    code: '301003',
    path: ['治安', '纠纷', '消费纠纷', null],
    narratives: ['与店家因退款发生争执，店家堵门', '就餐后发现异物，与店主争执'],
  },
  {
    weight: 8,
    code: '301004',
    path: ['治安', '纠纷', '物业纠纷', '停车收费'],
    narratives: ['因停车费与物业保安发生推搡', '物业锁车，车主无法出门'],
  },
  {
    weight: 10,
    code: '201001',
    path: ['刑事', '侵财', '盗窃', '入户盗窃'],
    narratives: ['回家发现门锁被撬，丢失现金', '停在楼下的电动车电瓶被盗'],
  },
  {
    weight: 8,
    code: '201002',
    path: ['刑事', '侵财', '诈骗', '电信诈骗'],
    narratives: ['接到冒充客服电话后转账', '网络刷单被骗'],
  },
  {
    weight: 14,
    code: '401001',
    path: ['交通', '交通事故', '财产损失事故', null],
    narratives: ['两车剐蹭，双方对责任有异议', '电动车与行人相碰，无人受伤'],
  },
  {
    weight: 8,
    code: '401002',
    path: ['交通', '交通秩序', '违法停车', null],
    narratives: ['车辆堵住小区出口，联系不上车主', '货车占用消防通道'],
  },
  {
    weight: 6,
    code: '501001',
    path: ['求助', '群众求助', '走失求助', '老人走失'],
    narratives: ['家中老人外出未归', '发现一名走失老人，说不清住址'],
  },
  {
    weight: 4,
    code: '501002',
    path: ['求助', '群众求助', '被困求助', null],
    narratives: ['电梯停运被困', '孩子反锁在家中'],
  },
];
