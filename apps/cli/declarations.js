// The declarations of what the package exports. What the client's types take from the server's schemas is written out, so
// that nothing is left of the workspace.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from '@typescript/typescript6'

const root = resolve('../..')
/** The packages of the workspace that are part of this one. */
const own = ['client', 'conformance']
/** Where sources are, and where their declarations go. */
const places = Object.fromEntries([['apps/cli/src', '.'], ...own.map((name) => [`packages/${name}/src`, name])])

const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'))
const { options } = ts.convertCompilerOptionsFromJson(
  {
    ...compilerOptions,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: 'dist',
    rootDir: root,
    // Found through node_modules, they would be taken for somebody else's, which are not declared anew.
    paths: Object.fromEntries(own.map((name) => [`@sandport/${name}`, [`${root}/packages/${name}/src/index.ts`]])),
  },
  root,
)

/**
 * Writes the declarations of files of src/, and what they need, into a directory. Throws an `Error` where they do not
 * compile, or name a package that is not in `packages`.
 */
export function declare(names, directory, packages) {
  const entries = names.map((name) => resolve(`src/${name}.ts`))
  const texts = emit(entries)
  const left = names.map((name) => `${name}.ts`)
  const written = new Set()
  for (let target = left.pop(); target !== undefined; target = left.pop()) {
    if (written.has(target)) continue
    written.add(target)
    const text = texts
      .get(target)
      .replaceAll(
        /(from |import\()(['"])(.+?)\2/g,
        (_, before, quote, name) => `${before}${quote}${named(target, name)}${quote}`,
      )
    mkdirSync(dirname(join(directory, target)), { recursive: true })
    writeFileSync(join(directory, target.replace(/\.ts$/, '.d.ts')), text)
  }

  /** How a module is named in the package, where one has named it. */
  function named(target, name) {
    if (packages.includes(name)) return name
    const part = own.find((part) => name === `@sandport/${part}`)
    if (part === undefined && !name.startsWith('.')) {
      throw new Error(`${target} declares something of ${name}, which users of the package do not have`)
    }
    const path = part === undefined ? join(dirname(target), name) : `${part}/index.ts`
    left.push(path)
    return `./${relative(dirname(target), path)}`.replace('./../', '../').replace(/\.ts$/, '.js')
  }
}

/** The declarations of all that entries need of the workspace, by path. */
function emit(entries) {
  const flat = flatten(ts.createProgram(entries, options))
  const host = ts.createCompilerHost(options)
  const readSource = host.getSourceFile
  host.getSourceFile = (path, ...rest) =>
    flat.has(path) ? ts.createSourceFile(path, flat.get(path), rest[0], true) : readSource.call(host, path, ...rest)
  const program = ts.createProgram(entries, options, host)
  const texts = new Map()
  for (const source of program.getSourceFiles()) {
    const target = placeOf(source.fileName)
    if (target === undefined) continue
    const { diagnostics } = program.emit(source, (_, text) => texts.set(target, text), undefined, true)
    const [problem] = [...diagnostics, ...program.getSemanticDiagnostics(source)]
    if (problem) throw new Error(`${target}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`)
  }
  return texts
}

/** The path of a source's declarations below the directory; undefined for what is declared nowhere. */
function placeOf(path) {
  const [from, to] = Object.entries(places).find(([from]) => path.startsWith(join(root, from, '/'))) ?? []
  return from && join(to, relative(join(root, from), path))
}

/** The texts of the client's modules that take types from the server, with those types written out. */
function flatten(program) {
  const checker = program.getTypeChecker()
  const sources = program
    .getSourceFiles()
    .filter(({ fileName }) => /\/packages\/client\/src\/.*-wire\.ts$/.test(fileName))
  return new Map(sources.map((source) => [source.fileName, flattenOne(source, checker)]))
}

/** A type of what is on the wire, without any name: JSON knows few kinds. Throws an `Error` for another kind. */
function writeOut(type, checker) {
  const again = (part) => writeOut(part, checker)
  const inner = (part) => (part.isUnion() || part.isIntersection() ? `(${again(part)})` : again(part))
  if (type.flags & ts.TypeFlags.Boolean) return 'boolean'
  if (type.isUnion()) return wholeBooleans(type.types.map(inner)).join(' | ')
  if (type.isIntersection()) return type.types.map(inner).join(' & ')
  if (checker.isTupleType(type)) return `[${checker.getTypeArguments(type).map(again).join(', ')}]`
  if (checker.isArrayType(type)) return `${inner(checker.getTypeArguments(type)[0])}[]`
  if (!(type.flags & ts.TypeFlags.Object)) return checker.typeToString(type)
  if (type.getCallSignatures().length > 0) throw new Error(`${checker.typeToString(type)} is not on any wire`)
  const members = [
    ...checker.getIndexInfosOfType(type).map((info) => `[name: ${again(info.keyType)}]: ${again(info.type)}`),
    ...checker.getPropertiesOfType(type).map((property) => {
      const name = /^\w+$/.test(property.name) ? property.name : JSON.stringify(property.name)
      const text = again(checker.getTypeOfSymbol(property))
      return property.flags & ts.SymbolFlags.Optional
        ? `${name}?: ${text.replace(/^undefined \| /, '')}`
        : `${name}: ${text}`
    }),
  ]
  return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`
}

function wholeBooleans(parts) {
  if (!parts.includes('true') || !parts.includes('false')) return parts
  return [...parts.filter((part) => part !== 'true' && part !== 'false'), 'boolean']
}

function flattenOne(source, checker) {
  const edits = []
  const imported = new Set()
  const replace = (node, text) => edits.push({ start: node.getStart(source), end: node.end, text })
  const written = (node) => writeOut(checker.getTypeAtLocation(node), checker)

  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      if (/^'\.\/[^/]+'$/.test(statement.moduleSpecifier.getText(source))) continue
      for (const { name } of statement.importClause.namedBindings.elements) imported.add(name.text)
      replace(statement, '')
    } else if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier) {
      const aliases = statement.exportClause.elements.map(({ name }) => `export type ${name.text} = ${written(name)}`)
      replace(statement, aliases.join('\n'))
    } else {
      visit(statement)
    }
  }
  return edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), source.text)

  function visit(node) {
    const isForeign = ts.isTypeReferenceNode(node) && imported.has(node.typeName.getText(source))
    if (isForeign) replace(node, written(node))
    else ts.forEachChild(node, visit)
  }
}
