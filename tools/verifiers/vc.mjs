// Verifies a credential with the JavaScript stack of Digital Bazaar, offline:
//   node vc.mjs NODE_MODULES CONTEXTS ISSUER.json STATUS.json CREDENTIAL.json
// Prints `verified`, or `refused` and why.
import {createRequire} from 'node:module';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const [modules, contexts, issuerFile, statusFile, credentialFile] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const load = async name => import(pathToFileURL(require.resolve(name)).href);
const json = path => JSON.parse(readFileSync(path, 'utf8'));

const {DataIntegrityProof} = await load('@digitalbazaar/data-integrity');
const {cryptosuite} = await load('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const vc = await load('@digitalbazaar/vc');
const {checkStatus} = await load('@digitalbazaar/vc-bitstring-status-list');

const issuer = json(issuerFile);
const status = json(statusFile);
const security = 'https://w3id.org/security#';
const reference = name => ({'@id': security + name, '@type': '@id'});
// The terms of Controlled Identifiers that an issuer's document uses.
const controlled = {
  id: '@id',
  type: '@type',
  Multikey: `${security}Multikey`,
  publicKeyMultibase: {'@id': `${security}publicKeyMultibase`, '@type': `${security}multibase`},
  controller: reference('controller'),
  verificationMethod: reference('verificationMethod'),
  assertionMethod: {...reference('assertionMethod'), '@container': '@set'},
};
const documents = new Map([
  ['https://www.w3.org/ns/cid/v1', {'@context': controlled}],
  ['https://www.w3.org/ns/credentials/v2', json(join(contexts, 'credentials-v2.json'))],
  ['https://w3id.org/security/multikey/v1', {'@context': {id: '@id', type: '@type'}}],
  [issuer.id, issuer],
  [status.id, status],
]);
for(const file of readdirSync(contexts)) {
  const version = /^ob-v3p0-(3\.\d\.\d)\.json$/.exec(file);
  if(version) {
    documents.set(`https://purl.imsglobal.org/spec/ob/v3p0/context-${version[1]}.json`, json(join(contexts, file)));
  }
}
for(const method of issuer.verificationMethod) {
  documents.set(method.id, {'@context': 'https://w3id.org/security/multikey/v1', ...method});
}
const documentLoader = async url => {
  if(!documents.has(url)) {
    throw new Error(`not at hand: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: documents.get(url)};
};
const suite = new DataIntegrityProof({cryptosuite});
const result = await vc.verifyCredential({credential: json(credentialFile), suite, documentLoader, checkStatus, now: process.env.NOW});
// The library says that the list could be read; what it says is ours to ask.
const revoked = result.statusResult?.results?.some(({status}) => status);
if(result.verified && !revoked) {
  console.log('verified');
} else if(result.verified) {
  console.log('refused ["revoked"]');
  process.exitCode = 1;
} else {
  const told = error => [error?.message, ...(error?.errors ?? []).flatMap(told)].filter(Boolean);
  console.log('refused', JSON.stringify([...told(result.error), result.statusResult?.verified === false ? 'status' : ''].filter(Boolean)));
  process.exitCode = 1;
}
