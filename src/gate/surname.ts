const COMPOUND_SURNAMES = new Set(
  (
    '欧阳 司马 上官 诸葛 夏侯 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 宇文 长孙 轩辕 端木 独孤 南宫 西门 百里 呼延 申屠 ' +
    '太史 闻人 赫连 澹台 公冶 宗政 濮阳 淳于 单于 太叔 仲孙 钟离 鲜于 闾丘 亓官 司寇 子车 颛孙 巫马 公西 漆雕 乐正 ' +
    '拓跋 夹谷 谷梁 梁丘 左丘 东郭 第五 公羊 万俟 歐陽 司馬 諸葛 尉遲 長孫 軒轅 獨孤 鍾離'
  ).split(' '),
);

/** How many characters of the name are the surname: two for a compound one before a given name, else one. */
export function surnameLength(characters: readonly string[]): 1 | 2 {
  return characters.length > 2 && COMPOUND_SURNAMES.has(characters.slice(0, 2).join('')) ? 2 : 1;
}

/** How people are spoken of without their given name; with the surname that still tells who it is. */
export const titles = ['先生', '女士', '小姐', '太太', '同志', '老师', '师傅', '阿姨', '大爷', '大妈', '某某', '某'];

/** The name's surname with each title: `张先生`, `欧阳女士`; a compound surname also cut short, as some replies write it. */
export function titledNames(name: string): string[] {
  const characters = [...name.trim()];
  if (characters.length < 2) return [];
  const surnames = new Set([characters.slice(0, surnameLength(characters)).join(''), characters[0] ?? '']);
  return [...surnames].flatMap((surname) => titles.map((title) => surname + title));
}
