import type { Check } from './check.ts';
import { abortStops } from './checks/abort-stops.ts';
import { askedOnce } from './checks/asked-once.ts';
import { batchedKeys } from './checks/batched-keys.ts';
import { closes } from './checks/closes.ts';
import { codeTable } from './checks/code-table.ts';
import { columnGone } from './checks/column-gone.ts';
import { concurrentLoads } from './checks/concurrent-loads.ts';
import { connectionReset } from './checks/connection-reset.ts';
import { counts } from './checks/counts.ts';
import { datesAndZones } from './checks/dates-and-zones.ts';
import { duplicateKeys } from './checks/duplicate-keys.ts';
import { emptyBatch } from './checks/empty-batch.ts';
import { exactNumbers } from './checks/exact-numbers.ts';
import { exactTexts } from './checks/exact-texts.ts';
import { failed } from './checks/failed.ts';
import { fullPages } from './checks/full-pages.ts';
import { halfAnswer } from './checks/half-answer.ts';
import { heals } from './checks/heals.ts';
import { hugeAnswer } from './checks/huge-answer.ts';
import { hugeBatch } from './checks/huge-batch.ts';
import { keyAlignment } from './checks/key-alignment.ts';
import { keysetPaging } from './checks/keyset-paging.ts';
import { limitPerKey } from './checks/limit-per-key.ts';
import { longTexts } from './checks/long-texts.ts';
import { malformedAnswer } from './checks/malformed-answer.ts';
import { millionRows } from './checks/million-rows.ts';
import { missingKeys } from './checks/missing-keys.ts';
import { newEnumValue } from './checks/new-enum-value.ts';
import { nothingPrinted } from './checks/nothing-printed.ts';
import { nulls } from './checks/nulls.ts';
import { onlyAskedFields } from './checks/only-asked-fields.ts';
import { pagingLoop } from './checks/paging-loop.ts';
import { phoneNumbers } from './checks/phone-numbers.ts';
import { refused } from './checks/refused.ts';
import { reorderedKeys } from './checks/reordered-keys.ts';
import { rowFilter } from './checks/row-filter.ts';
import { secretsUnsaid } from './checks/secrets-unsaid.ts';
import { slowAnswer } from './checks/slow-answer.ts';
import { tooManyRequests } from './checks/too-many-requests.ts';
import { tricklingAnswer } from './checks/trickling-answer.ts';
import { typeChanged } from './checks/type-changed.ts';
import { unicode } from './checks/unicode.ts';
import { unknownCode } from './checks/unknown-code.ts';
import { unreachable } from './checks/unreachable.ts';

/** What a connector must keep, in the order in which it is tried: answers first, then faults, then size. */
export const allChecks: readonly Check[] = [
  keyAlignment,
  missingKeys,
  duplicateKeys,
  reorderedKeys,
  emptyBatch,
  hugeBatch,
  batchedKeys,
  askedOnce,
  concurrentLoads,
  unicode,
  exactTexts,
  longTexts,
  nulls,
  datesAndZones,
  phoneNumbers,
  exactNumbers,
  codeTable,
  unknownCode,
  onlyAskedFields,
  rowFilter,
  limitPerKey,
  keysetPaging,
  fullPages,
  counts,
  columnGone,
  typeChanged,
  newEnumValue,
  malformedAnswer,
  halfAnswer,
  hugeAnswer,
  slowAnswer,
  tricklingAnswer,
  connectionReset,
  unreachable,
  refused,
  failed,
  tooManyRequests,
  pagingLoop,
  abortStops,
  secretsUnsaid,
  nothingPrinted,
  heals,
  closes,
  millionRows,
];
