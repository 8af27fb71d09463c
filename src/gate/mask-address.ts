import { foldText } from './fold-text.ts';

/** Where the exact part begins: a digit, a Latin letter, or a numeral that counts buildings or rooms. */
const EXACT_PART =
  /[\p{N}A-Za-z]|[〇零一二三四五六七八九十百两甲乙丙丁]+(?:号|號|栋|棟|幢|座|楼|樓|单元|室|层|層|弄|排|户|组|期|门)/u;

/** The word that ends a street's or subdistrict's name. `东街口街道` is a subdistrict and `上街镇` a town, not a street. */
const STREET_WORD = /街[^路巷镇乡]{0,2}街道|街道|[路街巷][镇乡]|大道|路|街|巷|镇|乡|鎮|鄉/u;

/** Cities and counties (GB/T 2260) whose own names hold such a word. */
const DIVISIONS_WITH_STREET_WORDS =
  /景德镇市|镇江市|镇海区|镇平县|镇雄县|镇远县|镇原县|镇坪县|镇巴县|镇康县|镇赉县|镇安县|镇宁(?:布依族苗族自治)?县|镇沅(?:彝族哈尼族拉祜族自治)?县|固镇县|天镇县|北镇市|丰镇市|清镇市|上街区|路桥区|路北区|路南区|让胡路区|新乡[市县]|平乡县|柏乡县|内乡县|西乡县|西乡塘区|安乡县|武乡县|金乡县|肥乡区|东乡区|东乡族自治县|保安族东乡族撒拉族自治县|桐乡市|湘乡市|萍乡市|宁乡市|乡宁县|乡城县|城乡/gu;

/**
 * An address cut down to its street or subdistrict (街道, 镇, 乡, 路, 街, 大道, 巷), whichever it names first. Without one,
 * what stands before its first number. Null when nothing safe is left.
 */
export function streetOf(address: string): string | null {
  const text = foldText(address).trim();
  const exact = text.search(EXACT_PART);
  const head = exact < 0 ? text : text.slice(0, exact);
  // The names of divisions are blanked, not removed, so that places in the text stay the same.
  const searched = head.replace(DIVISIONS_WITH_STREET_WORDS, (name) => '＿'.repeat(name.length));
  const street = STREET_WORD.exec(searched);
  if (street !== null) return head.slice(0, street.index + street[0].length);
  if (exact <= 0) return null;
  const rest = head.replace(/[\s,，.。·#()-]+$/u, '');
  return rest === '' ? null : rest;
}
