import fc from 'fast-check';
import { fileOf } from './sample-log.ts';

const place = fc.nat();

/** What somebody may do to an export's file: to its lines or to its bytes. */
export const tampering = fc.oneof(
  fc.record({ how: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({ how: fc.constantFrom('drop' as const, 'duplicate' as const, 'blank' as const), at: place }),
  fc.record({ how: fc.constant('swap' as const), at: place, by: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ how: fc.constantFrom('truncate' as const, 'cut byte' as const), at: place }),
  fc.record({
    how: fc.constant('insert' as const),
    at: place,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
);

/** The file of these lines, tampered with. */
export function tamper(
  lines: readonly Buffer[],
  t: typeof tampering extends fc.Arbitrary<infer T> ? T : never,
): Buffer {
  const whole = fileOf(lines);
  const at = t.at % lines.length;
  const line = lines[at] as Buffer;
  switch (t.how) {
    case 'flip': {
      const copy = Buffer.from(whole);
      const byte = t.at % copy.length;
      copy[byte] = (copy[byte] as number) ^ (1 << t.bit);
      return copy;
    }
    case 'drop':
      return fileOf(lines.toSpliced(at, 1));
    case 'duplicate':
      return fileOf(lines.toSpliced(at, 0, line));
    case 'blank':
      return fileOf(lines.toSpliced(at, 0, Buffer.alloc(0)));
    case 'swap': {
      const other = (at + t.by) % lines.length;
      return fileOf(lines.with(at, lines[other] as Buffer).with(other, line));
    }
    case 'truncate':
      return whole.subarray(0, t.at % whole.length);
    case 'cut byte':
      return Buffer.concat([whole.subarray(0, t.at % whole.length), whole.subarray((t.at % whole.length) + 1)]);
    case 'insert':
      return Buffer.concat([whole.subarray(0, t.at % whole.length), t.bytes, whole.subarray(t.at % whole.length)]);
  }
}
