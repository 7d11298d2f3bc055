import { describe, expect, it } from 'vitest'
import { readContract } from './contract.ts'

const error = { type: 'object', required: ['error'], properties: { error: { type: 'string' } } }
const exchangeHeader = { required: true, schema: { type: 'string' } }
const answer = (schema: object) => ({
  headers: { 'Sandport-Exchange': exchangeHeader },
  content: { 'application/json': { schema } },
})
const document = {
  openapi: '3.1.1',
  paths: {
    '/things/{id}': {
      put: {
        operationId: 'setThing',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 3 } },
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1 } },
          { name: 'names', in: 'query', schema: { type: 'array', items: { enum: ['a', 'b'] } } },
        ],
        requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
        responses: { 200: answer({ type: 'object', required: ['id'] }), 404: answer(error) },
      },
    },
  },
}
const good = {
  method: 'PUT',
  path: '/things/t1?limit=2&names=a,%20b,',
  requestBody: '{}',
  status: 200,
  headers: { 'sandport-exchange': 'ex_1', 'content-type': 'application/json; charset=utf-8' },
  text: '{"id":"t1"}',
}
const { hold } = readContract({ things: document })

describe('an exchange', () => {
  it('that is as documented passes', () => {
    expect(() => hold(good)).not.toThrow()
    expect(() => hold({ ...good, status: 404, text: '{"error":"none"}' })).not.toThrow()
  })

  it('on a path that is not documented is a 404 or a 405', () => {
    expect(() => hold({ ...good, path: '/other', status: 404 })).not.toThrow()
    expect(() => hold({ ...good, path: '/other' })).toThrow('PUT /other is in no document, and was answered with 200')
  })

  it.each([
    ['a status that is not documented', { status: 418 }, 'setThing (PUT /things/t1?limit=2&names=a,%20b,), 418:'],
    ['a body without what is required', { text: '{}' }, "200: body must have required property 'id'"],
    ['a body of another type', { text: '[]' }, '200: body must be object'],
    ['an error of another form', { status: 404, text: '{"error":7}' }, '404: body/error must be string'],
    ['another content type', { headers: { ...good.headers, 'content-type': 'text/html' } }, 'header Content-Type'],
    ['a header that is missing', { headers: { 'content-type': 'application/json' } }, 'header Sandport-Exchange'],
    ['a parameter that was accepted', { path: '/things/t1?limit=0' }, 'query limit must be >= 1'],
    ['one of a list that was accepted', { path: '/things/t1?names=a,c' }, 'query names/1 must be equal to one of'],
    ['a part of the path', { path: '/things/t123' }, 'path id must NOT have more than 3 characters'],
    ['a request body that was accepted', { requestBody: '[]' }, 'request body must be object'],
    ['no request body where one is needed', { requestBody: undefined }, 'request body is not there'],
  ])('with %s is refused', (_name, change, message) => {
    expect(() => hold({ ...good, ...change })).toThrow(message)
  })

  it('that was refused may have sent anything', () => {
    expect(() => hold({ ...good, path: '/things/t1?limit=0', status: 404, text: '{"error":"no"}' })).not.toThrow()
  })
})
