// The formats of functions/chauban/forms/formats.py once more, for validators in a browser. `today` is an ISO date.

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const EMAIL = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${LABEL}$`);
const PHONE = /^(?:0|\+[1-9])[0-9]*(?:[ .-][0-9]+)*$/;
const PROVINCES = new Set([
  1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48,
  49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
]);

function isDate(text) {
  const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

// Only the year, or year and month, where papers state no more.
function isPartialDate(text) {
  return isDate(/^[0-9]{4}(-[0-9]{2}){0,2}$/.test(text) ? `${text}-01-01`.slice(0, 10) : '');
}

function isPersonalNumber(text) {
  if (!/^[0-9]{12}$/.test(text)) return false;
  const registered = Number(text.slice(0, 3));
  return (PROVINCES.has(registered) || registered >= 100) && Number(text[3]) <= 3;
}

function isPhone(text) {
  if (!PHONE.test(text)) return false;
  const digits = text.replace(/[^0-9]/g, '').length;
  return text.startsWith('+') ? digits >= 8 && digits <= 15 : digits === 10 || digits === 11;
}

export function formats(today) {
  return {
    date: isDate,
    'past-date': (text) => isDate(text) && text <= today,
    'past-partial-date': (text) => isPartialDate(text) && text <= today.slice(0, text.length),
    'personal-number': isPersonalNumber,
    phone: isPhone,
    email: (text) => text.length <= 254 && EMAIL.test(text),
  };
}
