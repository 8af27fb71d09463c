import { isLocal } from './phone.ts';

/**
 * The ways in which systems write a normalised telephone number, so that a source that keeps numbers as they were typed can
 * be asked for one. Each is read back as that number and no other. `areaCode`: the source writes numbers of this area
 * without it.
 */
export function phoneSpellings(phone: string, areaCode?: string): readonly string[] {
  const [area, local] = phone.split('-');
  if (area !== undefined && local !== undefined) return landline(area, local, area === areaCode && isLocal(local));
  if (phone.length === 11) return mobile(phone);
  return phone.length === 10 ? service(phone) : [phone];
}

/** The same of a normalised 公民身份号码: its X may be small, and until 1999 it had 15 digits. */
export function idNumberSpellings(idNumber: string): readonly string[] {
  const old = idNumber.slice(6, 8) === '19' ? [`${idNumber.slice(0, 6)}${idNumber.slice(8, 17)}`] : [];
  return [...new Set([idNumber, idNumber.toLowerCase(), ...old])];
}

function mobile(n: string): string[] {
  const grouped = [n.slice(0, 3), n.slice(3, 7), n.slice(7)];
  const forms = [n, grouped.join(' '), grouped.join('-')];
  const abroad = forms.flatMap((form) => [`+86${form}`, `+86 ${form}`, `+86-${form}`]);
  return [...forms, ...abroad, `86${n}`, `86-${n}`, `0086${n}`, `0086-${n}`, `0${n}`];
}

function landline(area: string, local: string, isOwn: boolean): string[] {
  const half = local.length - 4;
  const locals = [
    local,
    `${local.slice(0, half)} ${local.slice(half)}`,
    `${local.slice(0, half)}-${local.slice(half)}`,
  ];
  const national = area.slice(1);
  return locals.flatMap((l) => {
    const within = [
      `${area}-${l}`,
      `${area}${l}`,
      `${area} ${l}`,
      `(${area})${l}`,
      `(${area}) ${l}`,
      `（${area}）${l}`,
    ];
    const abroad = [`+86${national}${l}`, `+86 ${national} ${l}`, `+86-${national}-${l}`, `86${national}${l}`];
    return [...within, ...abroad, `86-${area}-${l}`, ...(isOwn ? [l] : [])];
  });
}

function service(n: string): string[] {
  const [head, middle, end] = [n.slice(0, 3), n.slice(3, 6), n.slice(6)];
  return [n, `${head}-${middle}-${end}`, `${head} ${middle} ${end}`, `${head}-${middle}${end}`];
}
