import { afterEach, describe, expect, it } from 'vitest';
import { PlainProblem } from '../../../cli/grammar/plain-problem.ts';
import { deleteKeys, deleteObjects, makeS3 } from '../../../cli/target/objects.ts';
import { type HttpStub, type StubRequest, startStub } from '../../functions/adapters/http-stub.ts';

let stub: HttpStub | undefined;
afterEach(() => stub?.stop());

const xml = (body: string) => ({ headers: { 'content-type': 'application/xml' }, body });
const isDelete = ({ method }: StubRequest) => method === 'POST';
const keysOf = ({ body }: StubRequest) => [...body.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key);

describe('the deletion of objects', () => {
  it('takes a thousand keys a call', async () => {
    stub = await startStub(() => xml('<DeleteResult/>'));
    const keys = Array.from({ length: 2500 }, (_, index) => `models/a/${index}`);
    await deleteKeys(makeS3(stub.client), 'pictures', keys);
    expect(stub.requests.map((request) => keysOf(request).length)).toEqual([1000, 1000, 500]);
    expect(stub.requests.flatMap(keysOf)).toEqual(keys);
  });

  it('says which object S3 would not delete: the call itself succeeds', async () => {
    const refused = '<Error><Key>a</Key><Code>AccessDenied</Code><Message>no</Message></Error>';
    stub = await startStub(() => xml(`<DeleteResult>${refused}</DeleteResult>`));
    const end = deleteKeys(makeS3(stub.client), 'pictures', ['a']);
    await expect(end).rejects.toThrow(PlainProblem);
    await expect(end).rejects.toThrow('Expected S3 to delete a of pictures, it said AccessDenied: no');
  });

  it('goes on from page to page, with each version and marker, and looks again for what came meanwhile', async () => {
    const version = (kind: string, key: string, id: string) =>
      `<${kind}><Key>${key}</Key><VersionId>${id}</VersionId><Size>3</Size></${kind}>`;
    const pages = [
      `<IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker><NextVersionIdMarker>1</NextVersionIdMarker>${version('Version', 'a', '2')}${version('Version', 'a', '1')}`,
      `<IsTruncated>false</IsTruncated>${version('DeleteMarker', 'b', '9')}`,
      `<IsTruncated>false</IsTruncated>${version('Version', 'late', 'null')}`,
      '<IsTruncated>false</IsTruncated>',
    ];
    stub = await startStub((request) => {
      if (isDelete(request)) return xml('<DeleteResult/>');
      if (request.url.includes('uploads')) return xml('<ListMultipartUploadsResult/>');
      return xml(`<ListVersionsResult>${pages.shift()}</ListVersionsResult>`);
    });
    const counts: number[] = [];
    const deleted = await deleteObjects(makeS3(stub.client), 'pictures', { onDeleted: (count) => counts.push(count) });
    expect([deleted, counts]).toEqual([4, [2, 3, 4]]);
    expect(
      stub.requests.filter(isDelete).map(({ body }) => [...body.matchAll(/<VersionId>(.*?)</g)].map(([, id]) => id)),
    ).toEqual([['2', '1'], ['9'], ['null']]);
    expect(stub.requests[1]?.url).toContain('key-marker=a');
  });
});
