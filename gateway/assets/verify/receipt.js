'use strict';
// Checks a receipt of the form sospeso-receipt/1, as `sospeso verify receipt` does. It asks nobody.
// What is wrong is thrown as an Error whose message is the key of a text.

const fault = (what, number) => Object.assign(new Error(what), { number });

function need(holds, what, number) {
  if (!holds) throw fault(what, number);
}

function bytesOf(text, what, number) {
  try {
    return base64(text);
  } catch {
    throw fault(what, number);
  }
}

// A verifier key, name+id+base64(type || key).
function verifierKey(text) {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-fA-F]{8})\+(.+)$/.exec(text.trim()) ?? [];
  need(name, 'bad-key');
  const bytes = bytesOf(encoded, 'bad-key');
  need(bytes.length === 33 && (bytes[0] === 1 || bytes[0] === 4), 'bad-key');
  const keyId = sha256(joined(utf8(`${name}\n`), bytes)).slice(0, 4);
  const written = Array.from(keyId, (byte) => byte.toString(16).padStart(2, '0')).join('');
  need(written === id.toLowerCase(), 'bad-key');
  return { name, keyId, type: bytes[0], key: bytes.slice(1) };
}

// A signed note: its text and its signature lines.
function signedNote(text) {
  const end = text.lastIndexOf('\n\n');
  need(end > 0 && text.endsWith('\n'), 'bad-checkpoint');
  const lines = text.slice(end + 2, -1).split('\n');
  const signatures = lines.map((line) => {
    const [, name, encoded] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
    need(name, 'bad-checkpoint');
    const bytes = bytesOf(encoded, 'bad-checkpoint');
    need(bytes.length > 4, 'bad-checkpoint');
    return { name, keyId: bytes.slice(0, 4), bytes: bytes.slice(4) };
  });
  return { text: text.slice(0, end + 1), signatures };
}

function signedBy(note, key) {
  return note.signatures.filter((line) => line.name === key.name && same(line.keyId, key.keyId));
}

function isSigned(message, signature, key) {
  return signature.length === 64 && nacl.sign.detached.verify(utf8(message), signature, key.key);
}

// The checkpoint, if the log's key signed it.
function openCheckpoint(note, log) {
  const own = signedBy(note, log);
  need(log.type === 1 && own.length > 0, 'not-signed');
  need(own.every((line) => isSigned(note.text, line.bytes, log)), 'wrong-signature');
  const [origin, size, root, ...more] = note.text.slice(0, -1).split('\n');
  need(origin && /^(0|[1-9][0-9]*)$/.test(size) && !more.includes(''), 'bad-checkpoint');
  const hash = bytesOf(root ?? '', 'bad-checkpoint');
  need(hash.length === 32, 'bad-checkpoint');
  return { origin, size: BigInt(size), root: hash };
}

// When a witness cosigned the note.
function cosignedAt(note, witness) {
  const own = signedBy(note, witness);
  need(witness.type === 4 && own.length > 0, 'not-cosigned');
  const times = own.map((line) => {
    need(line.bytes.length === 72, 'not-cosigned');
    const time = new DataView(line.bytes.buffer, line.bytes.byteOffset).getBigUint64(0);
    const message = `cosignature/v1\ntime ${time}\n${note.text}`;
    need(isSigned(message, line.bytes.slice(8), witness), 'not-cosigned');
    return time;
  });
  return new Date(Number(times.reduce((a, b) => (a > b ? a : b))) * 1000);
}

// A tlog-proof: the index, the hashes and the text of the checkpoint.
function tlogProof(text, number) {
  const [, head, checkpoint] = /^([^]*?)\n\n([^]*)$/.exec(text) ?? [];
  const lines = (head ?? '').split('\n');
  need(lines.shift() === 'c2sp.org/tlog-proof@v1', 'not-in-log', number);
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const [, index] = /^index (0|[1-9][0-9]*)$/.exec(lines.shift() ?? '') ?? [];
  need(index !== undefined && lines.length < 64, 'not-in-log', number);
  const hashes = lines.map((line) => bytesOf(line, 'not-in-log', number));
  need(hashes.every((hash) => hash.length === 32), 'not-in-log', number);
  return { index: BigInt(index), hashes, checkpoint };
}

// Does the way lead from the leaf to the root? RFC 9162, section 2.1.3.2.
function isIncluded(leaf, { index, hashes }, { size, root }) {
  if (index >= size) return false;
  const node = (left, right) => sha256(joined(Uint8Array.of(1), left, right));
  let [at, last, hash] = [index, size - 1n, leaf];
  for (const step of hashes) {
    if (last === 0n) return false;
    if (at & 1n || at === last) {
      hash = node(step, hash);
      while (!(at & 1n) && at) [at, last] = [at >> 1n, last >> 1n];
    } else {
      hash = node(hash, step);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last === 0n && same(hash, root);
}

// The fields of an entry, each as its length in two bytes and its bytes.
function entryFields(bytes, number) {
  const fields = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] * 256 + bytes[at + 1];
    need(at + 2 + length <= bytes.length, 'other-entry', number);
    fields.push(bytes.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  need(fields.length === 13, 'other-entry', number);
  return fields;
}

function provenEvent(receipt, event, checkpoint, number) {
  const proof = tlogProof(event.proof, number);
  need(proof.checkpoint === receipt.checkpoint, 'not-in-log', number);
  const entry = bytesOf(event.entry, 'other-entry', number);
  const leaf = sha256(joined(Uint8Array.of(0), entry));
  need(isIncluded(leaf, proof, checkpoint), 'not-in-log', number);
  const fields = entryFields(entry, number);
  const said = fields.slice(0, 11).map((field) => new TextDecoder().decode(field));
  const { log_id, network, voucher_id } = receipt;
  const asked = ['sospeso/1', log_id, network, 'voucher', voucher_id, `${number}`, event.act];
  need(asked.every((text, i) => said[i] === text), 'other-entry', number);
  need(same(sha256(utf8(event.payload)), fields[11]), 'other-payload', number);
  const position = proof.index + 1n;
  return { kind: 'proven', act: event.act, at: said[9], position, payload: event.payload };
}

// What the receipt proves, for whoever believes these keys.
function verifyReceipt(text, logKey, witnessKeys) {
  let receipt;
  try {
    receipt = JSON.parse(text);
  } catch {
    throw fault('not-a-receipt');
  }
  need(receipt?.format === 'sospeso-receipt/1', 'not-a-receipt');
  const texts = [receipt.origin, receipt.checkpoint, receipt.network, receipt.voucher_id];
  need(texts.every((it) => typeof it === 'string'), 'not-a-receipt');
  need(Array.isArray(receipt.events) && receipt.events.length <= 1000, 'not-a-receipt');
  const note = signedNote(receipt.checkpoint);
  const checkpoint = openCheckpoint(note, verifierKey(logKey));
  need(checkpoint.origin === receipt.origin, 'other-log');
  const cosigned = witnessKeys.map(verifierKey).map((witness) => {
    return { name: witness.name, at: cosignedAt(note, witness) };
  });
  const events = receipt.events.map((event, i) => {
    if (event?.kind === 'proven') return provenEvent(receipt, event, checkpoint, i + 1);
    need(event?.kind === 'committed', 'not-a-receipt');
    need(bytesOf(event.commitment, 'not-a-receipt').length === 32, 'not-a-receipt');
    return { kind: 'committed', act: event.act, month: event.month };
  });
  need(events[0]?.kind === 'proven' && events[0].act === 'voucher.prepaid', 'no-beginning');
  return { receipt, checkpoint, cosigned, events };
}
