import type { DropFile } from './drop-file.ts';
import { MergedCells } from './merged-cells.ts';
import { Refusal } from './refusal.ts';
import {
  plainXml,
  relationshipXml,
  rewritten,
  sharedTextXml,
  sheetXml,
  styleXml,
  type XmlFilter,
} from './workbook-xml.ts';
import { unpacked, zipParts, type ZipPart } from './zip-parts.ts';

const workbook = 'xl/workbook.xml';
const relationships = 'xl/_rels/workbook.xml.rels';
const sharedTexts = 'xl/sharedStrings.xml';
const styles = 'xl/styles.xml';
const sheet = /^xl\/worksheets\/sheet\d+\.xml$/;

/** Bytes of a part that is held in memory while the sheet is read, at most. */
const MOST_HELD = 128 << 20;

/**
 * The workbook again, as an archive for ExcelJS: only the parts that count, unpacked, the sheets last. In any other
 * order ExcelJS would lay them down unpacked in the system's folder for temporary files, without a bound. `most` bounds
 * all that is unpacked. `merged` tells of each sheet, in their order here, which of its cells are one. Throws `Refusal`.
 */
export async function* arrangedWorkbook(file: DropFile, most: number, merged: MergedCells[]): AsyncGenerator<Buffer> {
  const parts = await zipParts(file);
  const has = (name: string): ZipPart => {
    const part = parts.get(name);
    if (part === undefined) throw new Refusal('NO_WORKBOOK', 'it is an archive, but no workbook');
    return part;
  };
  let left = most;
  const bytesOf = async function* (part: ZipPart, bound: number): AsyncGenerator<Buffer> {
    for await (const piece of unpacked(file, part, Math.min(bound, left))) {
      left -= piece.length;
      yield piece;
    }
  };
  const put = async function* (name: string, part: ZipPart, filter: XmlFilter, bound: number): AsyncGenerator<Buffer> {
    yield localHeader(name);
    try {
      yield* rewritten(bytesOf(part, bound), filter);
    } catch (error) {
      if (error instanceof SyntaxError) throw new Refusal('NO_WORKBOOK', `a part of it holds ${error.message}`);
      throw error;
    }
    yield descriptor;
  };
  yield* put(relationships, has(relationships), relationshipXml, MOST_HELD);
  yield* put(workbook, has(workbook), plainXml, MOST_HELD);
  const looks = parts.get(styles);
  if (looks !== undefined) yield* put(styles, looks, styleXml, MOST_HELD);
  const texts = parts.get(sharedTexts);
  if (texts !== undefined) yield* put(sharedTexts, texts, sharedTextXml(), MOST_HELD);
  else {
    // Without this part ExcelJS waits for it to the end.
    yield localHeader(sharedTexts);
    yield Buffer.from('<sst></sst>', 'latin1');
    yield descriptor;
  }
  for (const [name, part] of parts) {
    if (!sheet.test(name)) continue;
    const cells = new MergedCells();
    merged.push(cells);
    yield* put(
      name,
      part,
      sheetXml((range) => cells.add(range)),
      most,
    );
  }
  yield end;
}

/** Stored, its size told behind it (PKWARE APPNOTE 4.4.4, bit 3). */
function localHeader(name: string): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(8, 6);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name, 'latin1')]);
}

/** ExcelJS looks at its mark alone; the parts' checksums were compared when they were unpacked. */
const descriptor = Buffer.concat([Buffer.from([0x50, 0x4b, 0x07, 0x08]), Buffer.alloc(12)]);

const end = Buffer.concat([Buffer.from([0x50, 0x4b, 0x05, 0x06]), Buffer.alloc(18)]);
