// Works out a form's calculations with another engine (npm `fhirpath`).
//
// In, on standard input: [{ questionnaire, response, link }]. Out: what each calculation yields, or null where it fails.
const fhirpath = require('fhirpath');
const r4 = require('fhirpath/fhir-context/r4');

const FHIRPATH = 'text/fhirpath';
const named = (element, end) =>
  (element.extension || [])
    .filter((it) => it.url.endsWith('/' + end) && it.valueExpression?.language === FHIRPATH)
    .map((it) => it.valueExpression);
const find = (items, link) =>
  (items || [])
    .flatMap((it) => (it.linkId === link ? [it] : [find(it.item, link)]))
    .find((it) => it);

function workOut({ questionnaire, response, link }) {
  const known = { resource: response, questionnaire, context: response };
  const item = find(questionnaire.item, link);
  const evaluate = (expression) => fhirpath.evaluate(response, expression, known, r4, { resolveInternalTypes: true });
  for (const variable of [...named(questionnaire, 'variable'), ...named(item, 'variable')]) {
    known[variable.name] = evaluate(variable.expression);
  }
  return evaluate(named(item, 'sdc-questionnaire-calculatedExpression')[0].expression);
}

let text = '';
process.stdin.on('data', (part) => (text += part));
process.stdin.on('end', () => {
  const found = JSON.parse(text).map((one) => {
    try {
      return workOut(one);
    } catch {
      return null;
    }
  });
  process.stdout.write(JSON.stringify(found));
});
