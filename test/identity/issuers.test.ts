import { describe, expect, test } from 'vitest';
import { issuerConfig, jwksLocation } from '../../src/identity/issuers.ts';
import { createVerifier } from '../../src/identity/verify.ts';
import { ecKey, trusting } from './issuer-kit.ts';

const minimal = { issuer: 'https://idp.police.example', jwks: 'keys/police.json', agencies: ['police'] };

/** Paths of what the configuration got wrong. */
const wrong = (config: object): string[] => {
  const parsed = issuerConfig.safeParse(config);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('.'));
};

describe('issuerConfig', () => {
  test('defaults', () => {
    expect(issuerConfig.parse(minimal)).toEqual({
      ...minimal,
      algorithms: ['ES256', 'EdDSA'],
      types: ['at+jwt', 'JWT'],
      maxTokenAgeSeconds: 3600,
      clockToleranceSeconds: 5,
      audience: 'lianqiao',
    });
  });

  test.each([
    [{ agencies: ['*'] }, 'agencies.0'],
    [{ agencies: '*' }, 'agencies'],
    [{ agencies: [] }, 'agencies'],
    [{ agencies: ['Police'] }, 'agencies.0'],
    [{ algorithms: ['HS256'] }, 'algorithms.0'],
    [{ algorithms: ['none'] }, 'algorithms.0'],
    [{ algorithms: [] }, 'algorithms'],
    [{ types: ['dpop+jwt'] }, 'types.0'],
    [{ maxTokenAgeSeconds: 59 }, 'maxTokenAgeSeconds'],
    [{ maxTokenAgeSeconds: 86_401 }, 'maxTokenAgeSeconds'],
    [{ clockToleranceSeconds: -1 }, 'clockToleranceSeconds'],
    [{ clockToleranceSeconds: 301 }, 'clockToleranceSeconds'],
    [{ audience: '' }, 'audience'],
    [{ issuer: '' }, 'issuer'],
    [{ issuer: 'two words' }, 'issuer'],
    [{ issuer: 'https://demo.lianqiao.invalid' }, 'issuer'],
    [{ jwks: 'http://idp.example/jwks' }, 'jwks'],
    [{ surprise: 1 }, ''],
  ])('refuses %j', (change, path) => {
    expect(wrong({ ...minimal, ...change })).toEqual([path]);
  });
});

describe('jwksLocation', () => {
  test.each([
    ['keys/police.json', 'file'],
    ['/etc/lianqiao/police.json', 'file'],
    ['C:\\keys\\police.json', 'file'],
    ['https://idp.example/jwks', 'url'],
    ['http://127.0.0.1:8080/jwks', 'url'],
    ['http://localhost/jwks', 'url'],
    ['http://[::1]:8080/jwks', 'url'],
    ['http://idp.example/jwks', 'refused'],
    ['http://127.0.0.1.idp.example/jwks', 'refused'],
    ['http://localhost.idp.example/jwks', 'refused'],
    ['https://user:secret@idp.example/jwks', 'refused'],
    ['https://', 'refused'],
    ['ftp://127.0.0.1/jwks', 'refused'],
    ['data:application/json,{}', 'refused'],
    ['file:///etc/keys.json', 'refused'],
    [' ', 'refused'],
  ])('%s is %s', (text, kind) => {
    expect(jwksLocation(text).kind).toBe(kind);
  });
});

describe('trust', () => {
  const jwks = { keys: [ecKey('k').jwk] };

  test('the wildcard is the demo issuer’s alone', () => {
    const message = 'the issuer https://idp.police.example must name the agencies that it may speak for';
    expect(() => createVerifier({ issuers: [trusting(jwks, { agencies: '*' })] })).toThrow(new TypeError(message));
    expect(() => createVerifier({ issuers: [trusting(jwks, { agencies: ['*'] })] })).toThrow(new TypeError(message));
  });

  test('an issuer is configured once', () => {
    expect(() => createVerifier({ issuers: [trusting(jwks), trusting(jwks)] })).toThrow(
      new TypeError('the issuer https://idp.police.example is configured twice'),
    );
  });

  test('an open network is no place for keys, in code as in configuration', () => {
    expect(() => createVerifier({ issuers: [trusting('http://idp.example/jwks')] })).toThrow(/^jwks of the issuer/);
  });
});
