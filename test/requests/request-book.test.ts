import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/access/problem.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { correctionActions, correctionStates } from '../../src/requests/correction-states.ts';
import { correctionContent, type CorrectionBook } from '../../src/requests/correction.ts';
import { openRequestBook } from '../../src/requests/request-book.ts';
import { openRequestFile, withFile, type RequestFile } from '../../src/requests/request-file.ts';

let folder: string;
let file: RequestFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-book-'));
  file = openRequestFile(join(folder, 'requests.db'));
});
afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true });
});

const principal: Principal = {
  subject: 's',
  issuer: 'i',
  tokenId: 't',
  agency: 'market',
  role: 'SYSTEM',
  unit: null,
  operator: null,
  areas: [],
  grids: [],
  purposes: ['HANDLING'],
  expiresAt: 0,
};

function open(answerDays: number): CorrectionBook {
  return openRequestBook(file.database, {
    kind: 'CORRECTION',
    series: 'JH',
    states: correctionStates,
    actions: correctionActions,
    content: correctionContent,
    awaitsOwner: (state) => state === 'SUBMITTED',
    answerDays,
    escalationDays: 5,
  });
}

function submit(book: CorrectionBook, day: string): string {
  const about = { type: 'Ticket', id: '12345:1', field: 'title' };
  const said = { problem: 'p', proposedValue: null, evidence: null, answer: null };
  const content = { recordType: about.type, recordId: about.id, field: about.field, ...said };
  const at = Date.parse(`${day}T10:00:00+08:00`);
  const deed = { action: 'SUBMIT', to: 'SUBMITTED', party: 'APPLICANT', principal, at, note: null, content } as const;
  return book.submit('hotline', deed, about);
}

test('numbers count within their year, in the order of submission', () => {
  const book = open(10);
  expect(['2026-12-30', '2026-12-31', '2027-01-01', '2026-12-31'].map((day) => submit(book, day))).toEqual([
    'JH-2026-000001',
    'JH-2026-000002',
    'JH-2027-000001',
    'JH-2026-000003',
  ]);
});

test('other days in the configuration do not move what is submitted already', () => {
  const number = submit(open(10), '2026-11-16');
  const book = open(3);
  book.settleDueDays();
  expect(book.find(number)).toMatchObject({ dueOn: '2026-11-30', escalatesOn: '2026-12-07', provisional: false });
});

test('a provisional due day is counted again by the calendar of the next start, and no other', () => {
  const book = open(10);
  const [firm, provisional] = [submit(book, '2026-11-16'), submit(book, '2026-12-28')];
  // As an older calendar would have had it.
  file.database.exec("UPDATE request SET due_on = '2027-02-01', escalates_on = '2027-02-08'");
  open(3).settleDueDays();
  expect(book.find(provisional)).toMatchObject({ dueOn: '2027-01-11', escalatesOn: '2027-01-18', provisional: true });
  expect(book.find(firm)).toMatchObject({ dueOn: '2027-02-01' });
});

test('a file that cannot be used is named, with the way out', () => {
  const path = join(folder, 'damaged.db');
  writeFileSync(path, 'no database, and long enough to be taken for one by its header: '.repeat(20));
  const message = `${path}: cannot be used (SQLITE_NOTADB); restore it from a backup, or set LIANQIAO_DATA_DIR to another folder`;
  expect(() => openRequestFile(path)).toThrow(
    new ConfigurationError([{ file: path, message: message.slice(path.length + 2) }]),
  );
  expect(() => openRequestFile(join(folder, 'missing', 'requests.db'))).toThrow(
    /missing\/requests\.db: cannot be used \(ENOENT\)/,
  );
});

test('a fault of the hub is not told as a full disk', async () => {
  const broken = withFile(() => file.database.prepare('INSERT INTO request_number VALUES (NULL, NULL, NULL)').run());
  await expect(broken).rejects.toThrow('NOT NULL constraint failed');
});
