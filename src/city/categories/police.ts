import { consultation, help, mixed, type Category } from './category.ts';

/** 公安: order, traffic, households. */
export const policeCategories: readonly Category[] = [
  {
    weight: 6,
    path: ['社会治安', '噪音扰民', '夜间噪音'],
    agency: 'police',
    unit: 'police-{area}',
    subject: 'street',
    types: mixed,
    matters: [
      { titles: ['{where}夜里唱歌扰民'], body: '{where}的露天卡拉OK每天唱到后半夜，家里有要高考的孩子' },
      { titles: ['{where}广场舞音响太大'], body: '{where}的广场舞音响早上五点多就开，劝说过反而开得更大' },
      { titles: ['{where}邻居半夜装修'], body: '{where}楼上半夜打桩一样地敲，报过警，民警走了又开始' },
    ],
    results: ['民警已到场劝阻并登记，责令调低音量', '已约定活动时段，后续加强巡查'],
  },
  {
    weight: 4,
    path: ['社会治安', '交通秩序', '违法停车'],
    agency: 'police',
    unit: 'police-{area}',
    subject: 'street',
    types: mixed,
    matters: [
      { titles: ['{where}车辆乱停堵塞消防通道'], body: '{where}两边都停满了车，救护车进不来，喇叭按了二十分钟' },
      { titles: ['{where}货车长期占道'], body: '{where}路口被货车当成停车场，转弯什么都看不见' },
    ],
    results: ['交警已现场处罚并拖移车辆', '已施划禁停标线，纳入日常巡逻'],
  },
  {
    weight: 3,
    path: ['社会治安', '养犬管理', '犬只伤人'],
    agency: 'police',
    unit: 'police-{area}',
    subject: 'street',
    types: mixed,
    matters: [
      { titles: ['{where}流浪狗咬人'], body: '{where}有一群流浪狗，前天把放学的孩子咬伤了' },
      { titles: ['{where}有人遛狗不牵绳'], body: '{where}有住户养大型犬，从来不牵绳，老人不敢下楼' },
    ],
    results: ['已组织捕捉并移送收容', '已对饲养人处以警告并责令办证'],
  },
  {
    weight: 2,
    path: ['社会治安', '诈骗防范', '电信诈骗'],
    agency: 'police',
    unit: 'police-anti-fraud',
    subject: 'none',
    types: help,
    matters: [
      { titles: ['接到冒充客服的电话', '网购退款被骗'], body: '接到自称快递客服的电话，按提示操作后卡里少了五千元' },
      { titles: ['老人被骗转账'], body: '家里老人被人拉进投资群，已经转了两笔钱，希望尽快止付' },
    ],
    results: ['已联系报案人制作笔录并启动止付', '已上门开展反诈宣传'],
  },
  {
    weight: 2,
    path: ['社会治安', '户籍管理', '户口办理'],
    agency: 'police',
    unit: 'police-{area}',
    subject: 'none',
    types: consultation,
    matters: [
      { titles: ['咨询新生儿落户'], body: '孩子在外地出生，想问在本市落户要带哪些材料' },
      { titles: ['居住证到期如何续签'], body: '居住证马上到期，想问能不能在网上续签' },
    ],
    results: ['已告知所需材料和办理窗口', '已指导网上办理'],
  },
];
