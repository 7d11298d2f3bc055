/** The types that the vendor's page gives to the fields of the objects in a run. */
export type FieldType = 'string' | 'number' | 'boolean' | 'datetime' | 'object' | 'string[]'

/** S-ITEM-4c: the documented fields of an account, and `employeeCount` of the page's example. */
export const accountTypes = typesOf({
  string: `
    name domain website description address city city_metro_area state country zip full_address phone industry
    annualRevenue foundedYear lifecycleStage twitter linkedin syft_research_report syft_account_url syft_icp
    syft_intents syft_persona syft_purchase_intent syft_summary syft_visited_pages syft_original_referrer
    syft_original_source syft_original_utm_channel syft_original_utm_medium syft_original_utm_campaign
    syft_original_utm_source syft_latest_referrer syft_latest_source syft_latest_utm_channel
    syft_latest_utm_medium syft_latest_utm_campaign syft_latest_utm_source syft_utm_campaigns
    syft_creation_trigger syft_linkedin_posts hs_industry
  `,
  number: `
    employees twitterFollowers syft_time_spent syft_sessions syft_high_intent_sessions syft_page_views
    syft_visitors syft_visitor_id_count syft_leads syft_linkedin_impressions_total syft_linkedin_clicks_total
    syft_linkedin_likes_total syft_linkedin_shares_total syft_linkedin_comments_total
    syft_linkedin_engagements_total syft_linkedin_ad_clicks_l7 syft_linkedin_ad_impressions_l7
    syft_linkedin_ad_clicks_l30 syft_linkedin_ad_impressions_l30 syft_linkedin_ad_clicks_l90
    syft_linkedin_ad_impressions_l90 employeeCount
  `,
  datetime: 'syft_first_seen syft_last_seen',
  object: 'primary_location',
  boolean: 'hs_is_public',
  'string[]': 'syft_icp_array syft_intents_array syft_persona_array',
})

/** S-ITEM-4c: the documented fields of a contact. */
export const contactTypes = typesOf({
  string: `
    email firstName lastName fullName title company gender phone address city city_metro_area state country zip
    full_address syft_research_report website twitter linkedin syft_creation_source syft_enrichment_confidence
    syft_creation_trigger syft_persona syft_intents syft_purchase_intent syft_summary syft_visited_pages
    syft_original_referrer syft_original_source syft_original_utm_channel syft_original_utm_medium
    syft_original_utm_campaign syft_original_utm_source syft_latest_referrer syft_latest_source
    syft_latest_utm_channel syft_latest_utm_medium syft_latest_utm_campaign syft_latest_utm_source
    syft_utm_campaigns syft_linkedin_posts salesforce_company_id hubspot_company_id apollo_company_id
    outreach_company_id pipedrive_org_id attio_company_id salesforce_contact_id salesforce_lead_id
    hubspot_contact_id apollo_contact_id outreach_contact_id pipedrive_person_id attio_contact_id emails
    description
  `,
  datetime: 'birthday syft_first_seen syft_last_seen',
  number: `
    syft_time_spent syft_high_intent_sessions syft_sessions syft_page_views syft_visitor_id_count
    syft_linkedin_impressions_total syft_linkedin_clicks_total syft_linkedin_likes_total
    syft_linkedin_shares_total syft_linkedin_comments_total syft_linkedin_engagements_total
  `,
  object: 'email_addresses attio_name phone_numbers primary_location',
  'string[]': 'syft_persona_array syft_intents_array',
})

/** S-ITEM-4c: the documented fields of a session. */
export const sessionTypes = typesOf({
  number: 'active_time activeTime',
  'string[]': 'signals pages_visited pagesVisited',
  string: `
    referrer utm_source utm_medium utm_campaign utm_channel address city city_metro_area state country zip
    geo_location syft_purchase_intent enrichment_confidence location intent enrichmentConfidence
  `,
  datetime: 'start_time end_time',
})

function typesOf(names: Partial<Record<FieldType, string>>): ReadonlyMap<string, FieldType> {
  const types: FieldType[] = ['string', 'number', 'boolean', 'datetime', 'object', 'string[]']
  return new Map(types.flatMap((type) => (names[type]?.match(/\S+/g) ?? []).map((name) => [name, type] as const)))
}
