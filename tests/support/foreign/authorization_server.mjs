// The authorization server of the foreign pair: npm `oidc-provider`, taught the four things SMART App Launch adds.
//
// In: OIDC_HOME (where the package is installed), OIDC_SETUP (JSON: gateway, secret, audience, people, accessTokenSeconds).
// Out: one line of JSON with the issuer, once it listens. It leaves when its standard input closes.

import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { randomBytes } from 'node:crypto';

const setup = JSON.parse(process.env.OIDC_SETUP);
const home = join(process.env.OIDC_HOME, 'node_modules', 'oidc-provider', 'lib', 'index.js');
const { default: Provider, errors } = await import(pathToFileURL(home).href);

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

const types = [
  'CareTeam', 'Communication', 'Condition', 'Consent', 'Device', 'DocumentReference', 'Goal', 'Group', 'HealthcareService',
  'Location', 'Observation', 'Organization', 'Patient', 'Practitioner', 'PractitionerRole', 'Procedure', 'Questionnaire',
  'QuestionnaireResponse', 'RelatedPerson', 'ServiceRequest', 'Task',
];
// SMART App Launch 2.2, section 3.0.2.3: any of c, r, u, d, s, in this order; and the words of version 1.
const letters = ['c', 'r', 'u', 'd', 's'];
const rights = ['read', 'write', '*'];
for (let set = 1; set < 32; set += 1) {
  rights.push(letters.filter((_, at) => set & (1 << at)).join(''));
}
const dataScopes = types.flatMap((type) => rights.map((right) => `patient/${type}.${right}`));

const server = createServer();
await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    // The gateway asks about tokens; nobody signs in with it.
    {
      client_id: setup.gateway,
      client_secret: setup.secret,
      grant_types: [],
      response_types: [],
      redirect_uris: [],
    },
  ],
  cookies: { keys: [randomBytes(32).toString('hex')] },
  scopes: ['openid', 'offline_access', 'online_access', 'fhirUser', 'launch/patient', ...dataScopes],
  claims: { openid: ['sub'], fhirUser: ['fhirUser'] },
  extraParams: {
    // SMART App Launch 2.2, section 2.0.9: a token must be meant for this FHIR server.
    aud(ctx, value) {
      if (value?.replace(/\/$/, '') !== setup.audience) {
        throw new errors.InvalidRequest('aud must be the FHIR base URL of this server');
      }
    },
  },
  features: {
    devInteractions: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    registration: { enabled: true },
  },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: { AccessToken: setup.accessTokenSeconds, RefreshToken: 24 * 60 * 60, Grant: 24 * 60 * 60, Session: 60 * 60, Interaction: 600 },
  findAccount(ctx, id) {
    return { accountId: id, claims: () => ({ sub: id, fhirUser: `Patient/${setup.people[id]}` }) };
  },
});

provider.use(async (ctx, next) => {
  if (ctx.path === '/auth') {
    // OpenID Connect Core, section 11, lets a server drop `offline_access` without `prompt=consent`; SMART apps do not send it.
    const query = new URLSearchParams(ctx.querystring);
    if (query.get('scope')?.split(' ').includes('offline_access') && !query.has('prompt')) {
      query.set('prompt', 'consent');
      ctx.querystring = query.toString();
    }
  }

  await next();

  if (ctx.path === '/token' && ctx.status === 200) {
    const patient = setup.people[ctx.oidc.entities.Account?.accountId];
    if (patient) {
      ctx.body.patient = patient;
    }
  }
});

server.on('request', provider.callback());
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
