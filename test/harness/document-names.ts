/** The OpenAPI documents that a server has of its APIs, under /_sandport/openapi. */
export const documentNames = ['syft.json', 'memsolus.json', 'control.json'] as const
