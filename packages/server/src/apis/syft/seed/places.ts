import type { Random } from '../../../random.ts'

/** A real city; in `zip` and `phone` each `#` stands for a digit. The phone ranges are set aside for fiction. */
export type Place = { city: string; metro: string; state: string; country: string; zip: string; phone: string }

export type Address = { place: Place; street: string; zip: string }

export const places: readonly Place[] = [
  place('San Francisco', 'San Francisco Bay Area', 'California', 'United States', '941##', '+1 415 555 01##'),
  place('Austin', 'Greater Austin', 'Texas', 'United States', '787##', '+1 512 555 01##'),
  place('New York', 'New York City Metropolitan Area', 'New York', 'United States', '100##', '+1 212 555 01##'),
  place('Cambridge', 'Greater Boston', 'Massachusetts', 'United States', '0213#', '+1 617 555 01##'),
  place('Chicago', 'Greater Chicago Area', 'Illinois', 'United States', '606##', '+1 312 555 01##'),
  place('Bellevue', 'Greater Seattle Area', 'Washington', 'United States', '9800#', '+1 425 555 01##'),
  place('Denver', 'Denver Metropolitan Area', 'Colorado', 'United States', '802##', '+1 303 555 01##'),
  place('Atlanta', 'Atlanta Metropolitan Area', 'Georgia', 'United States', '303##', '+1 404 555 01##'),
  place('Toronto', 'Greater Toronto Area', 'Ontario', 'Canada', 'M5V 2T#', '+1 416 555 01##'),
  place('Montréal', 'Greater Montréal', 'Québec', 'Canada', 'H2Y 1C#', '+1 514 555 01##'),
  place('London', 'Greater London Area', 'England', 'United Kingdom', 'EC2A #PQ', '+44 20 7946 0###'),
  place('Berlin', 'Berlin Metropolitan Area', 'Berlin', 'Germany', '101##', '+49 30 23125 ###'),
  place('München', 'Munich Metropolitan Region', 'Bayern', 'Germany', '803##', '+49 89 99998 ###'),
  place('Paris', 'Greater Paris Metropolitan Region', 'Île-de-France', 'France', '750##', '+33 1 99 00 ## ##'),
  place('Sydney', 'Greater Sydney Area', 'New South Wales', 'Australia', '200#', '+61 2 5550 ####'),
]

/** Draws a digit for each `#`. */
export function fillDigits(random: Random, pattern: string): string {
  return pattern.replaceAll('#', () => String(random.int(0, 9)))
}

/** The address fields that accounts, contacts and sessions share, `full_address` and `primary_location` aside. */
export function placeFields({ place, street, zip }: Address) {
  const { city, metro, state, country } = place
  return { address: street, city, city_metro_area: metro, state, country, zip }
}

/** The address once as a line and once as an object. */
export function wholeAddressFields({ place, street, zip }: Address) {
  const { city, state, country } = place
  return {
    full_address: `${street}, ${city}, ${state} ${zip}, ${country}`,
    primary_location: { address: street, city, state, country, zip },
  }
}

function place(city: string, metro: string, state: string, country: string, zip: string, phone: string): Place {
  return { city, metro, state, country, zip, phone }
}
