// A real OpenID Connect provider (oidc-provider) for the tests, on a port of this machine that it prints. What it is told by
// PUT /control holds from then on:
//
//   account   who the next login is, without a form; null: a form asks for a name
//   amr, acr  how they say that the person signed in
//   deny      the person cancels
//   claims    laid over those of each ID token, which is signed anew; null takes one away
//   signer    "own"; "stranger": a key of somebody else under our key's id; "secret": HS256 by the client secret; "none"
//   rotate    from now on another key signs, and only that one is published
//   away      every question but this one is answered 503; "silent": by nothing at all
import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';

const modules = new URL('../../.local/oidc/node_modules/', import.meta.url);
const { default: Provider } = await import(new URL('oidc-provider/lib/index.js', modules));
const jose = await import(new URL('jose/dist/webapi/index.js', modules));

const CLIENT = { client_id: 'referloop', client_secret: process.env.CLIENT_SECRET ?? 'a secret for tests alone' };
const CALLBACK = process.env.CALLBACK ?? 'https://desk.example/login/oidc/callback';

const told = { account: null, amr: ['pwd'], acr: undefined, deny: false, claims: {}, signer: 'own', away: false };
let issuer;
let key;
let provider;

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' };
}

function makeProvider() {
  key = newKey();
  provider = new Provider(issuer, {
    clients: [{
      ...CLIENT,
      redirect_uris: [CALLBACK],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'client_secret_basic',
    }],
    jwks: { keys: [key] },
    pkce: { required: () => true },
    cookies: { keys: ['for tests alone'] },
    claims: { openid: ['sub', 'acr', 'amr'], auth_time: null },
    acrValues: ['loa1', 'loa2'],
    features: { devInteractions: { enabled: false } },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    // Nobody is asked whether the clinic's own service may know who they are.
    async loadExistingGrant(ctx) {
      const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'token' && ctx.body?.id_token) ctx.body.id_token = await retold(ctx.body.id_token);
  });
}

// The token as the provider made it, unless something else was asked for.
async function retold(token) {
  if (told.signer === 'own' && Object.keys(told.claims).length === 0) return token;
  const claims = { ...jose.decodeJwt(token), ...told.claims };
  for (const name of Object.keys(claims)) if (claims[name] === null) delete claims[name];
  const signed = (alg, by) => new jose.SignJWT(claims).setProtectedHeader({ alg, kid: key.kid }).sign(by);
  switch (told.signer) {
    case 'own': return signed('RS256', await jose.importJWK(key, 'RS256'));
    case 'stranger': return signed('RS256', await jose.importJWK(newKey(), 'RS256'));
    case 'secret': return signed('HS256', new TextEncoder().encode(CLIENT.client_secret));
    case 'none': return new jose.UnsecuredJWT(claims).encode();
    default: throw new Error(`no signer ${told.signer}`);
  }
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function control(request, response) {
  const { rotate, ...rest } = JSON.parse(await body(request));
  Object.assign(told, rest);
  if (rotate) makeProvider();
  response.writeHead(204).end();
}

async function interact(request, response) {
  const form = request.method === 'POST' ? new URLSearchParams(await body(request)) : null;
  const account = form?.get('name') ?? told.account;
  if (told.deny) {
    return provider.interactionFinished(request, response, { error: 'access_denied' });
  }
  if (account) {
    const login = { accountId: account, amr: told.amr, acr: told.acr };
    return provider.interactionFinished(request, response, { login });
  }
  return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(
    '<!doctype html><title>Clinic ID</title><form method="post"><label>Name <input name="name"></label><button>Sign in</button></form>',
  );
}

const server = createServer((request, response) => {
  const failed = (error) => response.writeHead(500).end(String(error));
  if (request.method === 'PUT' && request.url === '/control') return control(request, response).catch(failed);
  // A browser asks for it by itself, and calls its absence an error.
  if (request.url === '/favicon.ico') return response.writeHead(204).end();
  if (told.away === 'silent') return undefined;
  if (told.away) return response.writeHead(503).end();
  if (request.url.startsWith('/interaction/')) return interact(request, response).catch(failed);
  return provider.callback()(request, response);
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  makeProvider();
  console.log(issuer);
});
// It ends with whoever started it.
process.stdin.resume().on('end', () => process.exit());
