import { describe, expect, test } from 'vitest';
import { parseStrictJson } from '../../src/identity/strict-json.ts';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text));

describe('parseStrictJson', () => {
  test.each([
    ['{}'],
    ['[]'],
    ['"a"'],
    [' { "a" : { "a" : 1 } , "b" : [ { "a" : 2 } , { "a" : 3 } ] } '],
    ['{"a":"a","b":":","c":"\\"a\\":","d":"\\\\"}'],
    ['{"a":"{\\"a\\":1,\\"a\\":2}"}'],
    ['{"中":1,"\\ud83d\\ude00":[true,false,null,-1.5e3]}'],
    ['[[[[[[[[]]]]]]]]'],
  ])('reads %s as JSON.parse does', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  test.each([
    ['{"a":1,"a":1}', 'a name occurs twice in one object'],
    ['{"a":1,"b":2,"\\u0061":3}', 'a name occurs twice in one object'],
    ['{"a":"x" , "b":{"c":1} ,\n"a"\t:2}', 'a name occurs twice in one object'],
    ['{"x":{"a":[1],"a":[2]}}', 'a name occurs twice in one object'],
    ['[{"a":{"b":1},"a":2}]', 'a name occurs twice in one object'],
    ['{"__proto__":1,"__proto__":2}', 'a name occurs twice in one object'],
    ['{"\\\\":1,"\\u005c":2}', 'a name occurs twice in one object'],
    ['[[[[[[[[[]]]]]]]]]', 'nested too deeply'],
    ['{"a":1', 'not JSON in UTF-8'],
    ["{'a':1}", 'not JSON in UTF-8'],
    ['{"a":1,}', 'not JSON in UTF-8'],
    ['\ufeff{}', 'not JSON in UTF-8'],
    ['', 'not JSON in UTF-8'],
  ])('refuses %s', (text, message) => {
    expect(() => parse(text)).toThrow(new SyntaxError(message));
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(() => parseStrictJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(new SyntaxError('not JSON in UTF-8'));
    expect(() => parseStrictJson(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toThrow(SyntaxError);
  });
});
