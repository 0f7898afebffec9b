#!/bin/sh
# Makes the tokens of this folder anew, with OpenSSL alone: run it here. Each key is thrown away once it has signed.
set -eu
url() { basenc --base64url -w0 | tr -d =; }
payload=$(cut -d. -f2 ../../golden/badge.jwt)
# token NAME EXPONENT BITS kid|at|jwk: a key that is thrown away, its JWK, and a token that it signed.
token() {
  openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$3" -pkeyopt "rsa_keygen_pubexp:$2" -out key.pem
  n=$(openssl rsa -in key.pem -noout -modulus | cut -d= -f2 | basenc -d --base16 | url)
  e=$(printf '%x' "$2" | sed 's/^\(..\)*.$/0&/' | tr a-f A-F | basenc -d --base16 | url)
  jwk="{\"kty\":\"RSA\",\"n\":\"$n\",\"e\":\"$e\"}"
  case $4 in
    kid) header="{\"alg\":\"RS256\",\"kid\":\"did:web:certif.example#$1\",\"typ\":\"JWT\"}" ;;
    at) header="{\"alg\":\"RS256\",\"kid\":\"https://certif.example/keys/$1\",\"typ\":\"JWT\"}" ;;
    jwk) header="{\"alg\":\"RS256\",\"jwk\":$jwk,\"typ\":\"JWT\"}" ;;
  esac
  signed="$(printf %s "$header" | url).$payload"
  printf '%s.%s' "$signed" "$(printf %s "$signed" | openssl dgst -sha256 -sign key.pem | url)" >"$1.jwt"
  printf '%s\n' "$jwk" >"$1.jwk.json"
  rm key.pem
}
token named 65537 2048 kid
token brought 65537 2048 jwk
token alone 65537 2048 at
token small 65537 1024 kid
token exponent 8589934593 2048 kid

# The document of an issuer that lists them all.
{
  printf '{"id":"did:web:certif.example","verificationMethod":['
  for name in brought exponent named small; do
    printf '\n{"id":"did:web:certif.example#%s","type":"JsonWebKey","controller":"did:web:certif.example","publicKeyJwk":%s},' \
      "$name" "$(cat "$name.jwk.json")"
  done | sed '$s/,$//'
  printf '],\n"assertionMethod":["https://certif.example/keys/alone"'
  for name in brought exponent named small; do printf ',"did:web:certif.example#%s"' "$name"; done
  printf ']}\n'
} >issuer.json
