import { help, mixed, type Category } from './category.ts';

/** 网格: streets, litter, lamps, illegal building. */
export const gridCategories: readonly Category[] = [
  {
    weight: 7,
    path: ['城市管理', '市容秩序', '占道经营'],
    agency: 'grid',
    unit: 'grid-{area}',
    subject: 'street',
    types: mixed,
    matters: [
      { titles: ['{where}流动摊贩占道'], body: '{where}每天傍晚都有十几个摊子占着人行道，孩子只能走机动车道' },
      { titles: ['{where}烧烤摊油烟扰民'], body: '{where}的烧烤摊油烟直接往楼上飘，窗户都不敢开' },
      { titles: ['{where}店外经营'], body: '{where}的商铺把货架摆到盲道上，劝了几次都没用' },
    ],
    results: ['网格员已会同城管劝离，安排错时巡查', '已规范摆放，恢复人行通道'],
  },
  {
    weight: 5,
    path: ['城市管理', '环境卫生', '垃圾清运'],
    agency: 'grid',
    unit: 'grid-{area}',
    subject: 'street',
    types: help,
    matters: [
      { titles: ['{where}垃圾无人清运'], body: '{where}的垃圾桶满了好几天没有人收，苍蝇很多，味道很大' },
      { titles: ['{where}偷倒建筑垃圾'], body: '{where}被人偷倒了一车建筑垃圾，半条路都占了' },
      { titles: ['{where}公厕太脏'], body: '{where}的公厕常年没有水，地上都是污渍' },
    ],
    results: ['已清运完毕并冲洗地面', '已增加清运班次，调取监控追查偷倒人员'],
  },
  {
    weight: 4,
    path: ['城市管理', '市政设施', '路灯照明'],
    agency: 'grid',
    unit: 'grid-{area}',
    subject: 'street',
    types: help,
    matters: [
      { titles: ['{where}路灯不亮'], body: '{where}的路灯一整排都不亮，晚自习的学生摸黑回家' },
      { titles: ['{where}路灯时亮时灭'], body: '{where}的路灯时亮时灭，灯杆底座的盖板也丢了' },
    ],
    results: ['已更换灯具，恢复照明', '已修复线路并补装盖板'],
  },
  {
    weight: 4,
    path: ['城市管理', '市政设施', '道路井盖'],
    agency: 'grid',
    unit: 'grid-{area}',
    subject: 'street',
    types: help,
    matters: [
      { titles: ['{where}井盖松动'], body: '{where}的井盖松动，车子压过去声音很大，夜里睡不着' },
      { titles: ['{where}路面塌陷'], body: '{where}路面陷下去一个坑，已经有电动车摔倒' },
      { titles: ['{where}下雨就积水'], body: '{where}一下雨就积水到小腿，雨水口被落叶堵住了' },
    ],
    results: ['已更换防沉降井盖', '已疏通雨水口并修补路面'],
  },
  {
    weight: 4,
    path: ['城市管理', '违法建设', '搭建查处'],
    agency: 'grid',
    unit: 'grid-{area}',
    subject: 'house',
    types: [
      { weight: 4, type: 'COMPLAINT' },
      { weight: 2, type: 'REPORT' },
    ],
    matters: [
      { titles: ['{where}顶楼违建'], body: '{where}顶楼有人在砌墙加盖，白天黑夜都在施工' },
      { titles: ['{where}占用公共绿地搭棚'], body: '{where}一楼把绿地围起来当自家院子，还搭了铁皮棚' },
    ],
    results: ['已下达责令停工通知书', '违建部分已拆除，绿地恢复'],
  },
  {
    weight: 3,
    path: ['城市管理', '园林绿化', '树木修剪'],
    agency: 'grid',
    unit: 'grid-{area}',
    subject: 'street',
    types: help,
    matters: [
      { titles: ['{where}树枝压到电线'], body: '{where}的榕树枝条压在电线上，刮风的时候冒火花' },
      { titles: ['{where}行道树挡住窗户'], body: '{where}的行道树长到三楼，屋里整天没有光' },
    ],
    results: ['已安排修剪', '已会同电力部门处理枝条'],
  },
  {
    weight: 2,
    path: ['城市管理', '共享单车', '车辆停放'],
    agency: 'grid',
    unit: 'grid-{area}',
    subject: 'street',
    types: [
      { weight: 5, type: 'SUGGESTION' },
      { weight: 4, type: 'COMPLAINT' },
    ],
    matters: [
      { titles: ['{where}共享单车乱停'], body: '{where}地铁口的共享单车堆成小山，推婴儿车过不去' },
      { titles: ['建议{where}增设单车停放点'], body: '建议在{where}画出单车停放区，早晚高峰派人整理' },
    ],
    results: ['已通知企业清运，并增设电子围栏', '建议已采纳，停放区纳入下月施划计划'],
  },
];
