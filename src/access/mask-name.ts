/** The masks that a policy can name (GB/T 35273 forms; `src/gate/masks.ts` applies them). */
export const maskNames = ['phone', 'name', 'idNumber', 'address', 'pseudonym', 'redacted'] as const;

export type MaskName = (typeof maskNames)[number];
