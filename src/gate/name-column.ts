import { surnameLength, titles } from './surname.ts';

/** What a source writes beside a name or instead of one; it names nobody. */
const ROLES = new Set(
  (
    '夫妻 夫妇 丈夫 妻子 配偶 爱人 父亲 母亲 父子 父女 母子 母女 儿子 女儿 兄弟 姐妹 兄妹 姐弟 亲属 家属 家人 朋友 同事 邻居 ' +
    '本人 代办 代理 代理人 委托人 联系人 业主 租户 租客 住户 房东 店主 老板 经理 法人 负责人 举报人 投诉人 反映人 来电人 ' +
    '当事人 报警人 匿名 无名 未知 不详 保密 其他 以及 共有 等人'
  ).split(' '),
);

const SEPARATORS = /[、,，;；/|&+:：()[\]{}<>【】《》〈〉"'“”‘’\n\r\t]+/u;
const JOINED = /^(\p{Script=Han}{2,4})[和与及跟同](\p{Script=Han}{2,4})$/u;
const KIN = /(?:之|的)(?:夫|妻|父|母|子|女|兄|弟|姐|妹|丈夫|妻子|父亲|母亲|儿子|女儿|家属)$/u;
const AND_OTHERS = /等(?:\p{N}*人|[一二两三四五六七八九十]+人)?$/u;
const TITLE = new RegExp(`(?:${titles.join('|')})$`, 'u');
const HAN_ONLY = /^\p{Script=Han}+$/u;

/**
 * Every name in a column that is meant for one: `张三、李四`, `张三/李四`, `张三 李四 (夫妻)`, `张三先生`. The whole column is among
 * them, since it may be one name. A space parts names of two characters and more (`张 三` is one name), `和` only what would
 * be a name on both sides (`张和平` is one name). Words that name nobody are left out. `column` is folded.
 */
export function namesIn(column: string): string[] {
  const parts = column.split(SEPARATORS).flatMap((part) => bySpace(part.trim()).flatMap(byJoint));
  const bare = parts.flatMap((part) => {
    const alone = part.replace(AND_OTHERS, '').replace(KIN, '');
    return [alone, alone.replace(TITLE, '')];
  });
  return [...new Set([column, ...bare])].filter((name) => name !== '' && !ROLES.has(name));
}

function bySpace(part: string): string[] {
  const words = part.split(/\s+/u);
  const [first = ''] = words;
  const apart = words.length > 1 && words.every((word) => HAN_ONLY.test(word) && [...word].length > 1);
  // A compound surname that stands apart from its given name is no name.
  const oneName = words.length === 2 && [...first].length === 2 && surnameLength([...words.join('')]) === 2;
  return apart && !oneName ? words : [part];
}

function byJoint(part: string): string[] {
  const joined = JOINED.exec(part);
  return joined === null ? [part] : [part, joined[1] ?? '', joined[2] ?? ''];
}
