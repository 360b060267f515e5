// Puts a table of cases to @cloud-copilot/iam-simulate and prints its answers as a JSON list: Allowed,
// ImplicitlyDenied, ExplicitlyDenied, or why it cannot answer.
// usage: node prove.mjs DIRECTORY-WITH-node_modules CASES.json
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [installed, file] = process.argv.slice(2)
const { runSimulation } = createRequire(join(installed, 'package.json'))('@cloud-copilot/iam-simulate')

// Keys that it takes for unknown to the action and drops. A condition on one of them would be decided without it.
function named(policies, key) {
  const text = JSON.stringify(policies).toLowerCase()
  return [`"${key}"`, `\${${key}}`].some((written) => text.includes(written.toLowerCase()))
}

async function answer({ principal, action, resource, acct, ctx, ids, rp }) {
  const simulation = {
    request: { principal, action, resource: { resource, accountId: acct }, contextVariables: ctx },
    identityPolicies: ids.map((policy, number) => ({ name: `identity ${number}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: rp ?? undefined,
  }
  const answered = await runSimulation(simulation, {})
  if (answered.resultType === 'error') {
    const { message, ...details } = answered.errors
    return `refused: ${message}${Object.keys(details).length ? ' ' + JSON.stringify(details) : ''}`
  }
  if (answered.resultType !== 'single') return `refused: ${answered.resultType}`
  const dropped = answered.result.ignoredContextKeys.filter((key) => named([...ids, rp], key))
  return dropped.length ? `refused: drops ${dropped.join(', ')}` : answered.overallResult
}

const cases = JSON.parse(readFileSync(file, 'utf8'))
console.log(JSON.stringify(await Promise.all(cases.map(answer))))
