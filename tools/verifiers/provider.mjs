// Identity providers on loopback: one that others keep (oidc-provider), and one of ours that lies in a chosen way.
// Usage: provider.mjs MODULES PORT CONSOLE ALGORITHM [LIE]
// Whoever comes is signed in as the address in the file ADDRESS, without a question. A line on stdout says that it listens.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import path from "node:path";

const [modules, port, back, algorithm, lie] = process.argv.slice(2);
const load = createRequire(path.resolve(modules, "package.json"));
const issuer = `http://localhost:${port}`;
const email = process.env.ADDRESS;
const verified = process.env.VERIFIED !== "no";
const jose = await import(pathToFileURL(load.resolve("jose")).href);

async function honest() {
  const { default: Provider } = await import(pathToFileURL(load.resolve("oidc-provider")).href);
  const { privateKey } = await jose.generateKeyPair(algorithm, { extractable: true });
  const key = { ...(await jose.exportJWK(privateKey)), kid: `of-${process.pid}`, alg: algorithm, use: "sig" };
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "preuve", client_secret: "a secret of this test, long enough for anybody", redirect_uris: [back],
      id_token_signed_response_alg: algorithm,
    }],
    jwks: { keys: [key] },
    cookies: { keys: ["of this test"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, email, email_verified: verified }) }),
  });
  const answer = provider.callback();
  const server = createServer(async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    // Nobody is asked: the account is signed in and agrees to what the client wants.
    const { params, session, prompt } = await provider.interactionDetails(request, response);
    const accountId = session?.accountId || "subject-1";
    const grant = new provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope("openid email");
    const consent = { grantId: await grant.save() };
    await provider.interactionFinished(request, response, prompt.name === "login" ? { login: { accountId } } : { consent }, { mergeWithLastSubmission: true });
  });
  server.listen(Number(port), "127.0.0.1", () => console.log("listening"));
}

// What a provider must not get away with.
const LIES = {
  none: {},
  nonce: { nonce: "of another sign-in" },
  audience: { aud: "another-client" },
  issuer: { iss: "https://elsewhere.example" },
  expired: { iat: -7200, exp: -3600 },
  early: { nbf: 3600 },
};

async function liar() {
  const pair = await jose.generateKeyPair(algorithm, { extractable: true });
  const other = await jose.generateKeyPair(algorithm, { extractable: true });
  let kid = `of-${process.pid}`;
  const kept = new Map();
  const json = (response, value) => { response.setHeader("content-type", "application/json"); response.end(JSON.stringify(value)); };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, issuer);
    if (url.pathname === "/.well-known/openid-configuration") {
      const said = lie === "name" ? "http://localhost:1" : issuer;
      return json(response, {
        issuer: said, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`,
        code_challenge_methods_supported: lie === "plain" ? ["plain"] : ["S256"],
      });
    }
    if (url.pathname === "/jwks") {
      const key = { ...(await jose.exportJWK(pair.publicKey)), kid, alg: algorithm, use: "sig" };
      return json(response, { keys: [key] });
    }
    if (url.pathname === "/auth") {
      const code = String(kept.size + 1);
      kept.set(code, url.searchParams.get("nonce"));
      const to = new URL(url.searchParams.get("redirect_uri"));
      to.searchParams.set("code", code);
      to.searchParams.set("state", url.searchParams.get("state"));
      response.writeHead(303, { location: to.href });
      return response.end();
    }
    let body = "";
    for await (const part of request) body += part;
    const asked = new URLSearchParams(body);
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, sub: "subject-2", aud: "preuve", nonce: kept.get(asked.get("code")), email, email_verified: true, iat: now, exp: now + 300 };
    for (const [name, value] of Object.entries(LIES[lie] || {})) claims[name] = typeof value === "number" ? now + value : value;
    if (lie === "rotated") kid = "another";
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    let token;
    if (lie === "unsigned") token = `${encode({ alg: "none" })}.${encode(claims)}.`;
    else if (lie === "symmetric") token = await new jose.SignJWT(claims).setProtectedHeader({ alg: "HS256", kid }).sign(new TextEncoder().encode(JSON.stringify(await jose.exportJWK(pair.publicKey))));
    else token = await new jose.SignJWT(claims).setProtectedHeader({ alg: algorithm, kid }).sign(lie === "key" ? other.privateKey : pair.privateKey);
    return json(response, { access_token: "none", token_type: "Bearer", id_token: token });
  });
  server.listen(Number(port), "127.0.0.1", () => console.log("listening"));
}

await (lie ? liar() : honest());
