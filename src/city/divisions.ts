/** One division of the city at the level of 区 / 县, with its streets (街道, 镇, 乡). */
export interface Area {
  /** Six digits (GB/T 2260). */
  readonly code: string;
  readonly name: string;
  /** Share of the city's tickets, in arbitrary units. */
  readonly weight: number;
  /** About the seat of its government, in CGCS2000 degrees. */
  readonly longitude: number;
  readonly latitude: number;
  readonly streets: readonly Street[];
}

export interface Street {
  /** Nine digits. */
  readonly code: string;
  readonly name: string;
}

export const city = { code: '350100', name: '福州市', province: '福建省' } as const;

/**
 * The areas and streets of 福州市, by the statistical division codes (统计用区划代码). Units like townships whose
 * codes end in 400 to 599 (farms, zones) are left out: no street office of theirs would handle a ticket.
 */
export const areas: readonly Area[] = [
  area(
    '350102',
    '鼓楼区',
    26,
    119.296,
    26.082,
    `
    001鼓东街道 002鼓西街道 003温泉街道 004东街街道 005南街街道 006安泰街道 007华大街道
    008水部街道 009五凤街道 100洪山镇
  `,
  ),
  area(
    '350103',
    '台江区',
    15,
    119.314,
    26.053,
    `
    001瀛洲街道 002后洲街道 003义洲街道 004新港街道 005上海街道 007苍霞街道 009茶亭街道
    010洋中街道 011鳌峰街道 012宁化街道
  `,
  ),
  area(
    '350104',
    '仓山区',
    17,
    119.274,
    26.047,
    `
    001仓前街道 002东升街道 003对湖街道 004临江街道 005三叉街街道 006上渡街道 007下渡街道
    008金山街道 100仓山镇 101城门镇 102盖山镇 103建新镇 104螺洲镇
  `,
  ),
  area(
    '350105',
    '马尾区',
    5,
    119.455,
    25.989,
    `
    001罗星街道 100马尾镇 101亭江镇 102琅岐镇
  `,
  ),
  area(
    '350111',
    '晋安区',
    14,
    119.328,
    26.082,
    `
    001茶园街道 002王庄街道 003象园街道 100鼓山镇 101新店镇 102岳峰镇 103宦溪镇 201寿山乡
    202日溪乡
  `,
  ),
  area(
    '350112',
    '长乐区',
    6,
    119.523,
    25.963,
    `
    001吴航街道 002航城街道 003营前街道 004漳港街道 005文武砂街道 102首占镇 103玉田镇
    104松下镇 105江田镇 106古槐镇 108鹤上镇 110湖南镇 111金峰镇 112文岭镇 113梅花镇
    114潭头镇 200罗联乡 201猴屿乡
  `,
  ),
  area(
    '350121',
    '闽侯县',
    5,
    119.131,
    26.15,
    `
    001甘蔗街道 101白沙镇 102南屿镇 103尚干镇 104祥谦镇 105青口镇 106南通镇 107上街镇
    108荆溪镇 200竹岐乡 201鸿尾乡 202洋里乡 203大湖乡 204廷坪乡 206小箬乡
  `,
  ),
  area(
    '350122',
    '连江县',
    3,
    119.54,
    26.197,
    `
    100凤城镇 101敖江镇 102东岱镇 103琯头镇 104晓澳镇 105东湖镇 106丹阳镇 107长龙镇
    108透堡镇 109马鼻镇 110官坂镇 111筱埕镇 112黄岐镇 113苔菉镇 114浦口镇 115坑园镇
    116潘渡镇 117江南镇 118下宫镇 202蓼沿乡 203安凯乡 205小沧畲族乡
  `,
  ),
  area(
    '350123',
    '罗源县',
    1,
    119.549,
    26.489,
    `
    100凤山镇 101松山镇 102起步镇 103中房镇 104飞竹镇 105鉴江镇 200白塔乡 201洪洋乡
    202西兰乡 203霍口畲族乡 204碧里乡
  `,
  ),
  area(
    '350124',
    '闽清县',
    1,
    118.863,
    26.221,
    `
    100梅城镇 101梅溪镇 102白樟镇 103金沙镇 104白中镇 105池园镇 106坂东镇 107塔庄镇
    108省璜镇 109雄江镇 110东桥镇 200云龙乡 201上莲乡 204三溪乡 205桔林乡 206下祝乡
  `,
  ),
  area(
    '350125',
    '永泰县',
    1,
    118.932,
    25.867,
    `
    100樟城镇 101嵩口镇 102梧桐镇 103葛岭镇 104城峰镇 105清凉镇 106长庆镇 107同安镇
    108大洋镇 200塘前乡 201富泉乡 202岭路乡 203赤锡乡 204洑口乡 205盖洋乡 206东洋乡
    207霞拔乡 208盘谷乡 209红星乡 210白云乡 211丹云乡
  `,
  ),
  area(
    '350128',
    '平潭县',
    2,
    119.79,
    25.499,
    `
    001海坛街道 107金井镇 108君山镇 109苏平镇 201屿头乡 205东庠乡 207南海乡
  `,
  ),
  area(
    '350181',
    '福清市',
    6,
    119.384,
    25.72,
    `
    002玉屏街道 003龙山街道 004龙江街道 005宏路街道 006石竹街道 007音西街道 008阳下街道
    103海口镇 104城头镇 105南岭镇 106龙田镇 107江镜镇 108港头镇 109高山镇 110沙埔镇
    111三山镇 112东瀚镇 113渔溪镇 114上迳镇 115新厝镇 116江阴镇 117东张镇 118镜洋镇
    119一都镇
  `,
  ),
];

/** `streets`: the last three digits of a code and the name, with blanks between. */
function area(code: string, name: string, weight: number, longitude: number, latitude: number, streets: string): Area {
  const list = streets
    .trim()
    .split(/\s+/)
    .map((entry) => ({ code: code + entry.slice(0, 3), name: entry.slice(3) }));
  return { code, name, weight, longitude, latitude, streets: list };
}
