import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact as redactKnown } from '../../src/gate/redact.ts';

const redact = (text: string, names: readonly string[], addresses: readonly string[] = []): string =>
  redactKnown(text, { names, addresses });

describe('redact', () => {
  it.each([
    ['我的电话13812345678，请回电', '我的电话[电话]，请回电'],
    ['138 1234 5678', '[电话]'],
    ['138-1234-5678', '[电话]'],
    ['138 - 1234 - 5678', '[电话]'],
    ['+86-138-1234-5678', '[电话]'],
    ['１３８１２３４５６７８', '[电话]'],
    ['一三八一二三四五六七八', '[电话]'],
    ['幺三八 一二三四 五六七八', '[电话]'],
    ['1\u200b3\u200b8\u200b12345678', '[电话]'],
    ['𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖', '[电话]'],
    ['༡༣༨༡༢༣༤༥༦༧༨', '[电话]'],
    ['13812345678一直没人接', '[电话]一直没人接'],
    ['0591-87654321转8', '[电话]转8'],
    ['(0591) 8765 4321', '[电话]'],
    ['（0591）87654321', '[电话]'],
    ['87654321', '[号码]'],
    ['身份证11010519491231002X。', '身份证[号码]。'],
    ['11010519491231002x', '[号码]'],
    ['350102 19800101 123 X', '[号码]'],
    ['350102 1980-01-01 1234', '[号码]'],
    ['350102-1980-01-01-1234', '[号码]'],
    ['0591-2019-04-25', '[电话]'],
    ['2019-04-25-0591', '[号码]'],
    ['卡号6222 0210 0111 2345 678', '卡号[号码]'],
    ['统一社会信用代码91350100M000100Y43', '统一社会信用代码[号码]'],
    ['９１３５０１００Ｍ０００１００Ｙ４３', '[号码]'],
    ['邮箱zhang.san@example.com。', '邮箱[邮箱]。'],
    ['12345@qq.com', '[邮箱]'],
    ['ａｂ＠example．com', '[邮箱]'],
    ['京A12345违停', '[车牌]违停'],
    ['闽AD12345、闽A·12345和闽a1234挂', '[车牌]、[车牌]和[车牌]'],
    ['QQ：123456', 'QQ：[号码]'],
    ['qq号 123456', 'qq号 [号码]'],
    ['加微信abc_12345聊', '加微信[号码]聊'],
    ['微信号是wxid-abcdef', '微信号是[号码]'],
    ['合计5,000,000元', '合计[号码]元'],
  ])('%s becomes %s', (text, redacted) => {
    expect(redact(text, [])).toBe(redacted);
  });

  it.each([
    '2019-04-25',
    '2019年4月25日上午9点',
    '2019-04-25 09:32:09至2019-04-26 10:00',
    '2019-04-25T09:32:09+08:00',
    '2019.4.25-2019.5.1停水',
    '2019/4/25 9:32:09',
    '2019-04-25, 12345热线',
    '欠款123,456元',
    '欠款12345.6元，涉及300户',
    '拨打12345和110无人接听',
    '五一路3号18栋2单元1203室',
    '张某、张先生和张女士',
    '微信支付123456元',
    '新城A区',
    '',
  ])('%s stays', (text) => {
    expect(redact(text, ['张先生', '张'])).toBe(text);
  });

  it('takes out the surname with a form of address, of somebody whom the record knows', () => {
    expect(redact('崔女士您好！崔某反映，王女士作证', ['崔晓梅'])).toBe('[姓名]您好！[姓名]反映，王女士作证');
    expect(redact('上女士您好！欧阳先生，上官平', ['上官平', '欧阳曦'])).toBe('[姓名]您好！[姓名]，[姓名]');
  });

  it('takes a number out from between dates and times', () => {
    expect(redact('2019-04-25 09:32:09 13812345678 10:00', [])).toBe('2019-04-25 09:32:09 [电话] 10:00');
    expect(redact('2019-04-25 13812345678 2019-04-26', [])).toBe('2019-04-25 [电话] 2019-04-26');
  });

  it('takes the names of the record out, however they are spaced', () => {
    expect(redact('张小三、张 小 三、张　小三，李四', ['张小三', ' 李 四'])).toBe('[姓名]、[姓名]、[姓名]，[姓名]');
    expect(redact('john  smith and Li of Lianqiao, LI', ['John Smith', 'Li'])).toBe(
      '[姓名] and [姓名] of Lianqiao, [姓名]',
    );
    expect(redact('王五', ['张三'])).toBe('王五');
  });

  it.each([
    ['张三、李四'],
    ['张三/李四'],
    ['张三 李四 (夫妻)'],
    ['张三（夫）；李四（妻）'],
    ['张三和李四'],
    ['张三先生,李四等3人'],
    ['李四(张三之妻)'],
    ['业主：张三\n租户：李四'],
  ])('knows each name of the column %s', (column) => {
    expect(redact('张三反映李四家夫妻吵架', [column])).toBe('[姓名]反映[姓名]家夫妻吵架');
  });

  it('parts no name that has a space or 和 in it', () => {
    expect(redact('张和平来电，和平路', ['张和平'])).toBe('[姓名]来电，和平路');
    expect(redact('小敏来电，欧阳小敏', ['欧阳 小敏'])).toBe('小敏来电，[姓名]');
    expect(redact('John and Smith; John Smith', ['John Smith'])).toBe('John and Smith; [姓名]');
  });

  const home = '福建省福州市鼓楼区五一北路100号阳光小区3栋2单元1203室';
  it.each([
    [`住在${home}，漏水`, '住在福建省福州市鼓楼区五一北路[地址]，漏水'],
    ['鼓楼区五一北路100号漏水', '鼓楼区五一北路[地址]漏水'],
    ['五一北路１００号，阳光小区，３栋漏水', '五一北路[地址]漏水'],
    ['五 一 北 路 1 0 0 号漏水', '五 一 北 路 [地址]漏水'],
    ['阳光小区3栋2单元1203室漏水', '[地址]漏水'],
    ['我家3栋2单元1203漏水', '我家[地址]漏水'],
    ['我家3-1203漏水，3#1203', '我家[地址]漏水，[地址]'],
    ['我家1203室漏水', '我家[地址]漏水'],
    ['阳光小区停电', '阳光小区停电'],
    ['五一北路停电', '五一北路停电'],
    ['五一北路18号停电', '五一北路18号停电'],
    ['五一北路1005号停电', '五一北路1005号停电'],
    ['1203元，2024年', '1203元，2024年'],
    ['温泉路5号停电', '温泉路5号停电'],
  ])('of its address %s becomes %s', (text, redacted) => {
    expect(redact(text, [], [home])).toBe(redacted);
  });

  it('takes out short addresses and bare rooms where the text says that they are such', () => {
    expect(redact('1203室漏水，共1203元，11203室', [], ['1203'])).toBe('[地址]漏水，共1203元，11203室');
    expect(redact('住温泉路5号', [], ['温泉路5号'])).toBe('住温泉路[地址]');
    expect(redact('住12号，卧室', [], ['12号', '', '室'])).toBe('住[地址]，卧室');
    expect(redact('华林路一弄二号', [], ['华林路一弄二号'])).toBe('华林路[地址]');
  });

  it('keeps everything else as it was written', () => {
    expect(redact('ＡＢＣ（测试），①②③ ㎡：张三', ['张三'])).toBe('ＡＢＣ（测试），①②③ ㎡：[姓名]');
  });

  it('leaves no run of seven digits, joined or written in groups', () => {
    const separator = fc.constantFrom('', ' ', '-', '.', '·', ',', '－', '　');
    const group = fc.tuple(fc.stringMatching(/^\d{1,4}$/), separator).map((pair) => pair.join(''));
    const piece = fc.oneof(
      fc.array(group, { minLength: 1, maxLength: 6 }).map((groups) => groups.join('')),
      fc.stringMatching(/^[０-９]{1,9}$/),
      fc.constantFrom('电话', '，', 'X', '@', '京A', '微信', '2019-04-25', '09:32', 'a', '一', '张三', '('),
    );
    // A code that a date runs into (`2019-04-25a…`) takes its day along.
    const dateless = (text: string) => text.replace(/(?:19|20)\d\d([-.])\d{1,2}\1(?:\d{1,2}|\[号码\])/g, '/');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const redacted = redact(pieces.join(''), ['张三']).normalize('NFKC');
        expect(redacted).not.toMatch(/\d{7}/);
        expect(redacted).not.toContain('张三');
        expect(dateless(redacted).replace(/(?<!\d)\d?\d:(?:\d\d(?!\d)|\[)/g, ':')).not.toMatch(/\d(?:[ \-.·,]?\d){6}/);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['digits', '1'],
    ['digits and dashes', '1-'],
    ['dashes', '-'],
    ['letters', 'a'],
    ['at signs', '@'],
    ['broken addresses', 'a@'],
    ['dates', '2019-04-25 '],
    ['numerals', '一'],
    ['keywords', '微信号'],
    ['plates', '京A'],
    ['brackets', '(0'],
    ['names', '张 '],
    ['full-width digits', '１'],
    ['letters and digits', 'a1'],
    ['streets', '温泉路'],
    ['houses', '3栋'],
    ['rooms', '1203室'],
  ])(
    'reads 1 MB of %s in a time that grows with the length',
    (_, unit) => {
      const seconds = (length: number) => {
        const text = unit.repeat(length / unit.length);
        const start = performance.now();
        redact(text, ['张三', '张张张李'], ['鼓楼区温泉路12号3栋3栋3栋1203室', '1203']);
        return (performance.now() - start) / 1000;
      };
      // A quadratic search would take minutes; the bound leaves room for a busy machine.
      expect(seconds(1_000_000)).toBeLessThan(8);
    },
    30_000,
  );
});
