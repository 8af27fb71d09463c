import { consultation, help, mixed, type Category } from './category.ts';

/** 住建: houses, property companies, leases. */
export const housingCategories: readonly Category[] = [
  {
    weight: 8,
    path: ['住房保障', '物业管理', '服务质量'],
    agency: 'housing',
    unit: 'housing-property',
    subject: 'house',
    types: mixed,
    matters: [
      {
        titles: ['{what}物业服务不到位', '{what}保洁不到位'],
        body: '{what}的保洁一周才来一次，楼道里堆满杂物，报修也没有人登记',
      },
      {
        titles: ['{what}电梯停运多日', '{what}电梯频繁故障'],
        body: '{what}的电梯最近连续停运，物业只贴了一张告示，老人上下楼非常不便',
      },
      {
        titles: ['反映{what}物业不作为', '{what}门禁损坏无人修'],
        body: '{what}的门禁坏了以后一直敞开，夜里常有外来人员进出，物业说没有预算修',
      },
    ],
    results: ['已约谈物业企业并下达整改通知，保洁频次恢复到每日一次', '物业已更换损坏部件，设施恢复正常使用'],
  },
  {
    weight: 5,
    path: ['住房保障', '物业管理', '收费争议'],
    agency: 'housing',
    unit: 'housing-property',
    subject: 'house',
    types: mixed,
    matters: [
      {
        titles: ['{what}停车费突然上涨', '{what}物业乱收费'],
        body: '{what}的物业没有公示就把停车费涨了一倍，不交就不让车进门',
      },
      { titles: ['反映{what}装修押金不退'], body: '装修完工验收已经合格，{what}的物业以各种理由不退押金' },
      { titles: ['{what}公摊费用不清'], body: '{what}的公摊水电费每个月都不一样，物业拒绝提供明细' },
    ],
    results: ['经核实收费未按规定公示，已责令公示并退还多收部分', '双方已当面核对账目，押金已退还'],
  },
  {
    weight: 3,
    path: ['住房保障', '维修资金', '申请使用'],
    agency: 'housing',
    unit: 'housing-fund',
    subject: 'house',
    types: help,
    matters: [
      {
        titles: ['{what}维修资金申请进度', '咨询{what}屋面维修能否动用维修资金'],
        body: '{what}屋顶漏水，业主签字已经过半，维修资金的申请交上去后没有回音',
      },
      { titles: ['{what}维修资金公示不清'], body: '{what}动用了维修资金翻修外墙，但是支出没有公示，业主想看账目' },
    ],
    results: ['已受理申请并完成现场勘验，资金将分两期拨付', '已要求业主委员会按规定公示支出明细'],
  },
  {
    weight: 4,
    path: ['住房保障', '房屋安全', '危房隐患'],
    agency: 'housing',
    unit: 'housing-safety',
    subject: 'house',
    types: help,
    matters: [
      {
        titles: ['{where}老房墙体开裂', '反映{where}房屋倾斜'],
        body: '{where}的墙面裂缝越来越宽，下雨天往里渗水，担心有倒塌危险',
      },
      { titles: ['{where}外墙瓷砖脱落'], body: '{where}外墙瓷砖成片脱落，楼下是人行道，前天差点砸到行人' },
      { titles: ['{where}楼板开裂'], body: '隔壁拆承重墙以后，{where}的楼板出现裂纹，门也关不上了' },
    ],
    results: ['已委托鉴定机构现场查勘，先行设置警戒并转移住户', '已督促责任人修复，现场隐患消除'],
  },
  {
    weight: 4,
    path: ['住房保障', '房屋租赁', '押金纠纷'],
    agency: 'housing',
    unit: 'housing-rental',
    subject: 'house',
    types: mixed,
    matters: [
      {
        titles: ['{where}房东不退押金', '租房合同到期押金被扣'],
        body: '租住{where}到期退房，房东以墙面有印子为由扣下全部押金',
      },
      { titles: ['{where}群租扰民'], body: '{where}被隔成七八间出租，人员进进出出，消防通道也被占了' },
      { titles: ['租房中途被要求搬走'], body: '签的是一年合同，{where}的房东中途要求搬走，又不愿意赔偿' },
    ],
    results: ['经调解房东同意退还押金', '已责令恢复原有房屋格局，限期清退隔断'],
  },
  {
    weight: 3,
    path: ['住房保障', '房屋使用', '渗漏水'],
    agency: 'housing',
    unit: 'housing-safety',
    subject: 'house',
    types: help,
    matters: [
      {
        titles: ['{where}楼上漏水', '{where}卫生间渗水影响邻居'],
        body: '{where}的天花板被楼上漏水泡坏，多次上门协商对方都不开门',
      },
      { titles: ['{where}污水倒灌'], body: '{where}的公共管道破裂，污水倒灌进厨房，自己垫钱修过一次又坏了' },
    ],
    results: ['已组织双方现场查看，由楼上住户负责修复防水层', '公共管道已更换，渗漏停止'],
  },
  {
    weight: 2,
    path: ['住房保障', '公租房', '申请条件'],
    agency: 'housing',
    unit: 'housing-rental',
    subject: 'none',
    types: consultation,
    matters: [
      {
        titles: ['咨询公租房申请条件', '新就业大学生能否申请公租房'],
        body: '想了解公租房的收入标准和所需材料，社区说法不一',
      },
      { titles: ['公租房轮候到第几批'], body: '去年登记了公租房，想知道现在轮候的次序和配租时间' },
    ],
    results: ['已告知申请条件和所需材料', '已告知查询轮候次序的办法'],
  },
  {
    weight: 2,
    path: ['住房保障', '加装电梯', '审批协调'],
    agency: 'housing',
    unit: 'housing-safety',
    subject: 'house',
    types: help,
    matters: [
      { titles: ['{what}加装电梯卡在一楼住户'], body: '{what}多数业主同意加装电梯，一楼住户反对，希望有人出面协调' },
      { titles: ['咨询{what}加装电梯审批进度'], body: '{what}的电梯图纸已经交了，想问审批到哪一步' },
    ],
    results: ['已会同街道召开协调会，双方就采光补偿达成意向', '图纸审查已完成，近期可开工'],
  },
];
