package io.posthorn.contract;

/**
 * What makes a repeated request known.
 *
 * @param digest over the caller, the key it sent and the path; 43 characters of base64url (SHA-256)
 * @param bodyDigest over the request body, in the same form; the same key with another body is an error
 */
public record IdempotencyKey(String digest, String bodyDigest) {}
