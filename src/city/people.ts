import { residentIdCheckCharacter } from '../codes/resident-id.ts';
import { areas } from './divisions.ts';
import type { Random } from './random.ts';

/** A name put together from frequent surnames and characters. */
export function personName(random: Random): string {
  const surname = random.pick(surnames);
  const first = random.pick(givenCharacters);
  return random.chance(0.2) ? surname + first : surname + first + random.pick(givenCharacters);
}

/** A mobile number of eleven digits. */
export function mobile(random: Random): string {
  return random.pick(mobilePrefixes) + random.digits(8);
}

/** A landline of the city, with its area code: `0591-87654321`. */
export function landline(random: Random): string {
  return `0591-${random.between(2, 8)}${random.digits(7)}`;
}

/** The number that differs from this one by a single digit. */
export function numberOffByOne(phone: string, random: Random): string {
  const at = random.between(phone.length - 7, phone.length - 1);
  return phone.slice(0, at) + ((Number(phone[at]) + random.between(1, 9)) % 10) + phone.slice(at + 1);
}

/** One number as different desks type it: plain, grouped, with the country code. */
export function typedNumber(phone: string, random: Random): string {
  if (phone.length !== 11) return phone;
  const [head, middle, tail] = [phone.slice(0, 3), phone.slice(3, 7), phone.slice(7)];
  const form = random.next();
  if (form < 0.7) return phone;
  if (form < 0.8) return `${head} ${middle} ${tail}`;
  if (form < 0.9) return `${head}-${middle}-${tail}`;
  return `+86${phone}`;
}

/** A resident ID number (GB 11643) of an adult, with a real birth date and the right check character. */
export function residentId(random: Random): string {
  const area = random.chance(0.7) ? random.pick(areas).code : random.pick(otherAreas);
  const birth = new Date(Date.UTC(random.between(1945, 2006), 0, random.between(1, 365))).toISOString();
  const body = `${area}${birth.slice(0, 10).replaceAll('-', '')}${random.digits(3)}`;
  return body + residentIdCheckCharacter(body);
}

const surnames = [
  ...'陈林黄郑王张李吴刘杨叶许谢郭何徐江邱曾周苏蔡方施卓游翁高潘薛连余魏董程朱罗宋唐韩冯邓曹彭萧田袁蒋沈姚卢姜崔',
  '欧阳',
  '上官',
];

const givenCharacters = [
  ...'明华建国志强文军平安宏伟丽芳秀英桂兰玉珍春梅雪琴海燕晓东俊杰佳慧思远子涵雨欣宇航浩然静怡婷敏洁莹颖琳倩晨曦振兴',
  ...'福生永康嘉诚启航乐天清源景行维新承志光辉荣锦云鹏飞翔',
];

const mobilePrefixes = [
  '133',
  '135',
  '136',
  '137',
  '138',
  '139',
  '150',
  '152',
  '158',
  '159',
  '177',
  '180',
  '186',
  '189',
  '198',
];

/** Areas outside the city where residents were first registered. */
const otherAreas = ['350203', '350502', '350602', '350702', '350902', '330106', '360102', '420106', '510104'];
