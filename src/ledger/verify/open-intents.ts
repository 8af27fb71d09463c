export interface OpenIntents {
  readonly open: (seq: number) => void;
  /** Whether the intent was open, or is before the first entry that is known. It is not open from now on. */
  readonly close: (seq: number) => boolean;
  readonly listed: (most: number) => { readonly count: number; readonly seqs: readonly number[] };
}

/** The intents that no outcome has been seen of: one bit an entry, so that ten million take 1.25 MB. */
export function openIntents(first: number): OpenIntents {
  let bits = new Uint8Array(1024);
  let count = 0;
  const byteOf = (seq: number): number => Math.floor((seq - first) / 8);
  const bitOf = (seq: number): number => 1 << ((seq - first) % 8);
  return {
    open(seq) {
      const at = byteOf(seq);
      if (at >= bits.length) {
        const more = new Uint8Array(Math.max(at + 1, bits.length * 2));
        more.set(bits);
        bits = more;
      }
      bits[at] = (bits[at] ?? 0) | bitOf(seq);
      count += 1;
    },
    close(seq) {
      if (seq < first) return true;
      const at = byteOf(seq);
      const byte = bits[at] ?? 0;
      if ((byte & bitOf(seq)) === 0) return false;
      bits[at] = byte & ~bitOf(seq);
      count -= 1;
      return true;
    },
    listed(most) {
      const seqs: number[] = [];
      for (let at = 0; at < bits.length && seqs.length < most; at += 1)
        for (let bit = 0; bits[at] !== 0 && bit < 8 && seqs.length < most; bit += 1)
          if (((bits[at] ?? 0) & (1 << bit)) !== 0) seqs.push(first + at * 8 + bit);
      return { count, seqs };
    },
  };
}
