import { consultation, type Category } from './category.ts';

/** What the hotline answers or passes on itself. */
export const hotlineCategories: readonly Category[] = [
  {
    weight: 4,
    path: ['政务服务', '社会保障', '养老医保'],
    agency: 'hotline',
    unit: 'hotline-desk',
    subject: 'none',
    types: consultation,
    matters: [
      { titles: ['咨询灵活就业社保缴费'], body: '想问灵活就业人员今年的社保基数是多少，能不能按季度缴' },
      { titles: ['医保断缴如何补'], body: '换工作期间医保断了两个月，想问能不能补缴' },
      { titles: ['退休金到账时间'], body: '上个月办的退休，想问养老金哪一天发' },
    ],
    results: ['已按知识库答复', '已告知缴费档次和办理渠道'],
  },
  {
    weight: 3,
    path: ['政务服务', '公积金', '提取贷款'],
    agency: 'hotline',
    unit: 'hotline-desk',
    subject: 'none',
    types: consultation,
    matters: [
      { titles: ['公积金租房提取额度'], body: '想问租房提取公积金每个月最多能提多少' },
      { titles: ['公积金异地贷款'], body: '在外地交的公积金，想在本市买房贷款，要开什么证明' },
    ],
    results: ['已告知提取条件和额度', '已告知异地贷款所需证明'],
  },
  {
    weight: 2,
    path: ['政务服务', '公共交通', '线路建议'],
    agency: 'hotline',
    unit: 'hotline-desk',
    subject: 'street',
    types: [{ weight: 1, type: 'SUGGESTION' }],
    matters: [
      { titles: ['建议{where}增设公交站'], body: '{where}新开了医院，最近的公交站要走二十分钟，建议增设站点' },
      { titles: ['建议延长{where}公交末班时间'], body: '{where}晚上九点以后就没有车，建议把末班车延到十点半' },
    ],
    results: ['建议已转公交企业研究', '将结合客流调查统筹考虑'],
  },
  {
    weight: 2,
    path: ['政务服务', '工作作风', '表扬感谢'],
    agency: 'hotline',
    unit: 'hotline-desk',
    subject: 'street',
    types: [{ weight: 1, type: 'COMMENDATION' }],
    matters: [
      { titles: ['表扬{where}网格员'], body: '{where}的网格员冒雨帮忙疏通下水道，特来致谢' },
      { titles: ['感谢{where}派出所民警'], body: '在{where}附近走失的老人被民警送回家，全家非常感谢' },
    ],
    results: ['已转达感谢', '已通报表扬'],
  },
];
