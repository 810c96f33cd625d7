//! The labels people put before values, in English, German, French and Spanish.

use std::collections::HashMap;
use std::sync::LazyLock;

use gangway_domain::deal::StakeholderRole;

use crate::values::words::{distance, fold};

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    ExternalId,
    Title,
    Customer,
    Industry,
    Employees,
    Website,
    Country,
    Maturity,
    Acv,
    Tcv,
    Mrr,
    Currency,
    Term,
    ClosedOn,
    ContractStart,
    Products,
    UseCases,
    Situation,
    Pain,
    Impact,
    CriticalEvent,
    Decision,
    Alternatives,
    Success,
    Stakeholders,
    /// One person in a role.
    Person(StakeholderRole),
    /// Somebody on the vendor's side, by role id.
    Team(&'static str),
    Users,
    Sites,
    Kickoff,
    GoLive,
    QuickWin,
    Roi,
    Blackouts,
    Integrations,
    DataSources,
    Sso,
    Constraints,
    Concerns,
    Promises,
    NonScope,
    RedFlags,
    FirstContact,
    SalesCycle,
    Relationship,
    Approach,
    Notes,
    /// What the customer's own company turns over: not what they pay.
    Revenue,
    /// Known, but tells of the document rather than the deal (e.g. "Version").
    Aside,
    /// Tells of the handoff itself (e.g. "Handoff call completed"): a day or a yes there says nothing about the deal.
    HandedOver,
    /// A mixture: to be read sentence by sentence.
    Prose,
}

use Field as F;
use StakeholderRole as R;

/// Labels by what they announce; folded when looked up, so case, accents and hyphens do not matter.
const LABELS: &[(Field, &str)] = &[
    (F::ExternalId, "deal id|opportunity id|record id|external id|crm id|hs object id"),
    (
        F::Title,
        "subject|betreff|objet|asunto|deal|deal name|dealname|opportunity|opportunity name|deal title|title|titel|projekt|project|project name|nom de l'affaire",
    ),
    (
        F::Customer,
        "cust|won|closed won|new logo|new customer|customer|customer name|client|client name|account|account name|company|company name|organisation|organization|buyer|end customer|kunde|kundenname|firma|unternehmen|auftraggeber|client final|société|entreprise|nom du client|nom de la société|raison sociale|cliente|empresa|nombre del cliente|compañía",
    ),
    (
        F::Industry,
        "industry|sector|vertical|branche|industrie|secteur|secteur d'activité|sector industrial|industria|line of business",
    ),
    (
        F::Employees,
        "employees|number of employees|no of employees|numberofemployees|headcount|company size|size|staff|mitarbeiter|mitarbeiterzahl|anzahl mitarbeiter|beschäftigte|unternehmensgröße|größe|effectif|effectifs|salariés|nombre de salariés|taille|empleados|número de empleados|plantilla|tamaño",
    ),
    (
        F::Website,
        "website|web site|web|homepage|url|site web|site internet|webseite|internetseite|sitio web|domain",
    ),
    (
        F::Country,
        "country|hq|headquarters|head office|location|based in|land|sitz|hauptsitz|standort des kunden|pays|siège|siège social|país|sede central|region|billing country|billingcountry|hq country",
    ),
    (
        F::Maturity,
        "maturity|sophistication|customer maturity|experience|experience level|reifegrad|erfahrung|maturité|madurez|expérience|experiencia",
    ),
    (
        F::Acv,
        "acv|arr|annual contract value|annual value|contract value|annual recurring revenue|deal size|deal value|value|amount|price|annual price|contract amount|annual fee|annual spend|vertragswert|jahreswert|auftragswert|jährlicher vertragswert|jahresbetrag|vertragsvolumen|auftragsvolumen|jahresvolumen|dealwert|valeur du contrat|valeur annuelle|montant|montant annuel|valeur annuelle du contrat|prix|valor del contrato|valor anual|importe|importe anual|monto|valor anual del contrato|new arr|annual contract value acv",
    ),
    (
        F::Tcv,
        "tcv|total contract value|total value|gesamtvertragswert|gesamtwert|valeur totale|valeur totale du contrat|montant total|valor total|importe total",
    ),
    (
        F::Mrr,
        "mrr|monthly recurring revenue|monthly fee|monthly price|per month|monatlich|monatspreis|monatsbetrag|mensualité|prix mensuel|cuota mensual|precio mensual|monthly",
    ),
    (F::Currency, "currency|währung|devise|moneda|deal currency code|currencyisocode|currency code"),
    (
        F::Term,
        "term|contract term|contract length|contract duration|subscription term|term length|length|vertragslaufzeit|laufzeit|vertragsdauer|durée|durée du contrat|durée d'engagement|engagement|duración|duración del contrato|plazo del contrato|vigencia|commitment|term months",
    ),
    (
        F::ClosedOn,
        "closed|closed on|close date|closedate|closing date|signed|signed on|signature|signature date|date signed|won on|contract signed|vertragsabschluss|abschlussdatum|abschluss|unterschrieben am|unterzeichnet am|vertragsunterzeichnung|date de signature|signé le|date de clôture|fecha de firma|fecha de cierre|firmado el",
    ),
    (
        F::ContractStart,
        "contract starts|contract start|contract start date|start date|start|subscription start|effective date|starts|vertragsbeginn|beginn|startdatum|vertragsstart|date de début|début|début du contrat|date d'effet|inicio|fecha de inicio|inicio del contrato",
    ),
    (
        F::Products,
        "product|products|product s|products bought|solution|solutions|plan|package|edition|modules|module|sku|subscription|bought|what they bought|purchased|products purchased|license|licence|produkt|produkte|lösung|paket|modul|module gekauft|produit|produits|offre|formule|abonnement|producto|productos|solución|suscripción|paquete|line items",
    ),
    (
        F::UseCases,
        "wants|they want|use case|use cases|usecase|primary use case|main use case|key use cases|purpose|anwendungsfall|anwendungsfälle|einsatzzweck|einsatz|verwendungszweck|cas d'usage|cas d'utilisation|usage|caso de uso|casos de uso|uso",
    ),
    (
        F::Situation,
        "situation|current situation|background|context|current state|today|how they work today|what they do today|current environment|ausgangslage|ist situation|aktuelle situation|hintergrund|situation actuelle|contexte|situación|situación actual|contexto|company background",
    ),
    (
        F::Pain,
        "pain|pains|pain points|pain point|problem|problems|challenge|challenges|key challenges|what hurts|drivers|business drivers|primary business drivers|why they bought|why now|problème|problèmes|problèmes rencontrés|douleurs|difficultés|herausforderung|herausforderungen|schmerzpunkte|probleme|motivation|gründe für den kauf|enjeux|problema|problemas|retos|desafíos|dolores|puntos de dolor|motivos|geschäftliche treiber|kaufgründe|warum sie gekauft haben|pourquoi ils ont acheté|irritants",
    ),
    (
        F::Impact,
        "impact|business impact|value expected|expected value|benefit|benefits|expected benefits|what it is worth|roi|business case|worth|nutzen|erwarteter nutzen|auswirkung|geschäftsnutzen|wirkung|impact attendu|bénéfices|gains attendus|beneficios|impacto|valor esperado",
    ),
    (
        F::CriticalEvent,
        "critical event|compelling event|deadline|hard deadline|trigger|trigger event|critical date|auslöser|kritisches ereignis|stichtag|frist|événement critique|événement déclencheur|échéance|evento crítico|fecha límite|evento desencadenante|timeline constraints hard deadline|what happens by when",
    ),
    (
        F::Decision,
        "decision|decision drivers|decision driver|decision criteria|decision process|buying criteria|why us|why they chose us|what influenced the decision|influenced the decision|reason for choosing us|kaufentscheidung|entscheidung|entscheidungskriterien|entscheidungsgründe|kaufkriterien|critères de décision|décision|raisons du choix|criterios de decisión|decisión|closed won reason|win reason|pourquoi nous|warum wir|how and why they decided",
    ),
    (
        F::Alternatives,
        "what else they considered|alternatives|alternative solutions|alternative solutions considered|alternatives considered|competitors|competition|competitor|evaluated|also considered|also evaluated|competitive alternatives|other vendors|wettbewerber|wettbewerb|alternativen|geprüfte alternativen|concurrents|concurrence|alternatives étudiées|alternatives envisagées|competidores|competencia|alternativas|main competitor|main competitors",
    ),
    (
        F::Success,
        "success|success criteria|success criterion|success metrics|goals|goal|objectives|objective|kpis|kpi|what success looks like|what the customer said success looks like|desired outcomes|outcomes|desired outcome|definition of success|erfolgskriterien|ziele|ziel|erfolg|projektziele|critères de succès|critères de réussite|objectif|objectifs|criterios de éxito|objetivos|objetivo|metas|success criteria from sales|target outcome",
    ),
    (
        F::Stakeholders,
        "contacto|interlocuteur|who|stakeholders|stakeholder|key stakeholders|people|contacts|contact|key contacts|customer team|buying committee|players|who is who|ansprechpartner|beteiligte|personen|kontakte|kontakt|projektbeteiligte|parties prenantes|interlocuteurs|contacts clés|personnes|interesados|contactos|partes interesadas|personas",
    ),
    (
        F::Person(R::ExecutiveSponsor),
        "sponsor|executive sponsor|exec sponsor|economic buyer|decision maker|budget owner|entscheider|sponsor exécutif|décideur|patrocinador|patrocinador ejecutivo|sponsor ejecutivo|project sponsor|projektsponsor",
    ),
    (
        F::Person(R::ProjectLead),
        "project lead|project manager|customer pm|project owner|main contact|primary contact|day to day contact|customer project lead|projektleiter|projektleitung|projektleiterin|hauptansprechpartner|chef de projet|cheffe de projet|contact principal|jefe de proyecto|contacto principal|director de proyecto",
    ),
    (F::Person(R::Champion), "champion|our champion|end user champion|internal champion|ambassadeur|campeón"),
    (
        F::Person(R::TechnicalLead),
        "it|technical lead|tech lead|technical contact|it contact|it lead|it owner|technischer ansprechpartner|it ansprechpartner|it verantwortlicher|responsable technique|contact technique|responsable técnico|contacto técnico",
    ),
    (
        F::Person(R::BusinessOwner),
        "business owner|process owner|prozessverantwortlicher|fachverantwortlicher|responsable métier",
    ),
    (
        F::Person(R::ItSecurity),
        "it security|security contact|security lead|datenschutzbeauftragter|sicherheitsbeauftragter|rssi",
    ),
    (
        F::Person(R::Detractor),
        "detractor|detractor if any|detractors|skeptic|skeptics|blocker|skeptiker|gegner|opposant|détracteur|détractor",
    ),
    (
        F::Team("ae"),
        "ae|account executive|sales rep|sales|seller|deal owner|opportunity owner|owner|handed off by|sold by|vertrieb|vertriebsmitarbeiter|verkäufer|übergeben von|commercial|vendu par|transmis par|vendedor|comercial|prepared by",
    ),
    (
        F::Team("csm"),
        "csm|customer success manager|handed off to|customer success|success manager|übergeben an|betreuer|transmis à|gestor de éxito|responsable succès client",
    ),
    (
        F::Team("onboarding-manager"),
        "onboarding manager|onboarding lead|onboarding|onboarding verantwortlicher|responsable onboarding",
    ),
    (
        F::Team("implementation-manager"),
        "implementation manager|implementation lead|vendor project manager|implementation consultant",
    ),
    (F::Team("se"), "se|solution engineer|sales engineer|solutions engineer|solution architect|presales"),
    (
        F::Users,
        "users|number of users|user count|seats|licenses|licences|seats bought|expected users|named users|active users|benutzer|anzahl benutzer|nutzer|anwender|anzahl nutzer|lizenzen|utilisateurs|nombre d'utilisateurs|sièges|licences utilisateurs|usuarios|número de usuarios|licencias|user seats|number of seats",
    ),
    (
        F::Sites,
        "sites|site|locations|plants|offices|stores|warehouses|branches|number of sites|rollout sites|standorte|werke|filialen|niederlassungen|anzahl standorte|usines|magasins|boutiques|bureaux|établissements|plantas|tiendas|sedes|oficinas|clinics|facilities|hospitals|multi site|wie viele standorte|nombre de sites",
    ),
    (
        F::Kickoff,
        "kickoff|kick off|kickoff date|kick off date|kickoff on|project start|kickoff meeting|projektstart|projektbeginn|kick off termin|démarrage|lancement|date de lancement|réunion de lancement|lanzamiento|inicio del proyecto|reunión de inicio",
    ),
    (
        F::GoLive,
        "go live wanted by|when|wants to be live|live date wanted|go live|go live target|go live date|target go live|target go live date|golive|live date|launch|launch date|target launch|target date|live by|full rollout by|full rollout|rollout by|timeline|time to live|production date|produktivstart|produktivsetzung|geplanter produktivstart|zieltermin|go live termin|inbetriebnahme|live gang|livegang|einführung bis|vollständiger rollout bis|mise en production|mise en service|date de mise en production|déploiement complet|date cible|mise en ligne|puesta en marcha|salida en vivo|fecha objetivo|puesta en producción|fecha de puesta en marcha|despliegue completo|requested go live|expected go live",
    ),
    (
        F::QuickWin,
        "quick win expected by|quick win by|quick wins by|quick win|quick wins|first value by|first win by|first value|erste erfolge bis|schnelle erfolge bis|quick wins bis|premiers résultats|premiers résultats d'ici|primeros resultados|victorias rápidas",
    ),
    (
        F::Roi,
        "return on investment expected by|roi by|roi expected by|roi expected|return expected by|payback by|roi bis|roi erwartet bis|amortisation bis|roi attendu|roi attendu d'ici|retour sur investissement|roi esperado|retorno esperado",
    ),
    (
        F::Blackouts,
        "blackout|blackouts|blackout period|blackout periods|blackout dates|freeze|change freeze|freeze period|code freeze|no go live|not available|plant shutdown|sperrzeit|sperrzeiten|sperrfristen|betriebsferien|change freeze zeiten|période de gel|gel|périodes bloquées|fermeture|fermetures|périodes de gel|congelación|periodos bloqueados|cierre|black out|blackout window",
    ),
    (
        F::Integrations,
        "stack|integration|integrations|systems to integrate|integrates with|systems|connected systems|connectors|tech stack|tech stack to integrate|integrate with|schnittstellen|integrationen|anzubindende systeme|systeme|zu integrierende systeme|schnittstelle|intégration|intégrations|systèmes à intégrer|interfaces|integración|integraciones|sistemas a integrar|sistemas|systems in play",
    ),
    (
        F::DataSources,
        "data sources|data source|data migration|data to migrate|migration|data|legacy data|data to bring over|datenquellen|datenmigration|datenübernahme|daten|sources de données|migration de données|données|données à reprendre|reprise de données|fuentes de datos|migración|migración de datos|datos",
    ),
    (
        F::Sso,
        "sso|single sign on|sso provider|identity provider|idp|authentication|login|anmeldung|einmalanmeldung|authentification|authentification unique|inicio de sesión único|autenticación",
    ),
    (
        F::Constraints,
        "technical constraints|constraints|constraint|technical requirements|requirements|limitations|technische einschränkungen|technische vorgaben|rahmenbedingungen|einschränkungen|contraintes|contraintes techniques|restricciones|restricciones técnicas|requisitos técnicos|technical notes|technical environment",
    ),
    (
        F::Concerns,
        "concerns raised during the sale|concerns|technical concerns|technical concerns raised|concerns raised|objections|objection|open questions|bedenken|technische bedenken|einwände|préoccupations|inquiétudes|points d'attention techniques|objeciones|preocupaciones|dudas",
    ),
    (
        F::Promises,
        "promise|promises|promised|commitments|commitment made|what was promised|what was promised during sales|critical what was promised during sales|promises commitments|promises and commitments|commitments made|we promised|committed|sales promises|promise ledger|zusagen|zugesagt|versprechen|zusagen und verpflichtungen|was wurde zugesagt|verpflichtungen|promesses|engagements|engagements pris|promesses et engagements|ce qui a été promis|promesas|compromisos|prometido",
    ),
    (
        F::NonScope,
        "said to be out of scope|out of scope|not in scope|what was explicitly out of scope|explicitly out of scope|non scope|nonscope|excluded|excludes|exclusions|not included|scope exclusions|nicht im umfang|außerhalb des umfangs|nicht enthalten|ausgeschlossen|was ausdrücklich nicht dazugehört|hors périmètre|non inclus|exclusions du périmètre|exclu|fuera de alcance|fuera del alcance|no incluido|excluido|nicht im leistungsumfang",
    ),
    (
        F::RedFlags,
        "heads up|red flags|red flag|risks|risk|risks red flags|risks and red flags|known risks|watch out|warnings|risiken|risiken und warnsignale|warnsignale|risiko|risques|risques et alertes|points de vigilance|alertes|riesgos|riesgo|alertas|señales de alerta|watch outs|concerns and risks",
    ),
    (
        F::FirstContact,
        "first contact|first meeting|first touch|erstkontakt|erster kontakt|premier contact|primer contacto",
    ),
    (
        F::SalesCycle,
        "sales cycle|cycle length|sales cycle length|length of sales cycle|verkaufszyklus|dauer des verkaufszyklus|vertriebszyklus|cycle de vente|durée du cycle|ciclo de venta|duración del ciclo",
    ),
    (
        F::Relationship,
        "relationship|relationship history|relationship dynamics|relationship notes|key meetings|political considerations|politics|beziehung|beziehungsdynamik|politische aspekte|politik|wichtige termine|historie|beziehungshistorie|relation|relations|historique|historique de la relation|réunions clés|considérations politiques|relación|historial|consideraciones políticas|reuniones clave",
    ),
    (
        F::Approach,
        "working with them|approach|preferred approach|implementation approach|implementation preference|implementation notes|rollout approach|resource availability|availability|resources|bevorzugtes vorgehen|vorgehen|verfügbarkeit|ressourcen|ressourcenverfügbarkeit|umsetzungshinweise|approche|approche souhaitée|disponibilité|disponibilité des ressources|enfoque|disponibilidad|recursos|notas de implementación|delivery preference|rollout",
    ),
    (
        F::Notes,
        "notes|note|comments|comment|additional context|other|misc|anything else|further information|bemerkungen|anmerkungen|notizen|sonstiges|weitere informationen|zusätzlicher kontext|hinweise|remarques|commentaires|informations complémentaires|contexte complémentaire|divers|notas|comentarios|otros|observaciones|contexto adicional|next step|nextstep|next steps|hs next step",
    ),
    (
        F::Revenue,
        "revenue|annual revenue|company revenue|yearly revenue|turnover|annual turnover|umsatz|jahresumsatz|chiffre d'affaires|facturación|facturación anual",
    ),
    (
        F::Prose,
        "description|summary|details|overview|beschreibung|zusammenfassung|résumé|descripción|resumen|deal summary|deal description|timeline constraints|zeitliche vorgaben|contraintes de calendrier|restricciones de calendario|timeline expectations|zeitliche erwartungen|attentes de calendrier",
    ),
    (
        F::Aside,
        "how that date was found|document date|status|version|last updated|date|datum|handoff document|confidence",
    ),
    (
        F::HandedOver,
        "handoff date|handoff call completed|handoff complete|übergabedatum|übergabegespräch geführt|date de transmission|appel de transmission effectué",
    ),
];

static BY_LABEL: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
    let mut map = HashMap::with_capacity(1_200);
    for (field, labels) in LABELS {
        for label in labels.split('|') {
            // The first list that has a label wins; a test keeps the lists from overlapping.
            map.entry(fold(label)).or_insert(*field);
        }
    }
    map
});

/// Longest label in words; anything longer is a sentence.
const MAX_WORDS: usize = 8;

/// The field a label announces, if it is known.
pub(crate) fn lookup(label: &str) -> Option<Field> {
    if label.len() > 80 {
        return None;
    }
    let folded = fold(label);
    if folded.is_empty() || folded.split(' ').count() > MAX_WORDS {
        return None;
    }
    if let Some(field) = BY_LABEL.get(&folded) {
        return Some(*field);
    }
    // "Our customer", "Primary contact (sales)", "Key integrations", "Target go-live (agreed)".
    let bare = label.split(['(', '[']).next().map(fold).unwrap_or_default();
    if bare != folded
        && let Some(field) = BY_LABEL.get(&bare)
    {
        return Some(*field);
    }
    for prefix in [
        "our ",
        "the ",
        "their ",
        "key ",
        "main ",
        "primary ",
        "current ",
        "planned ",
        "expected ",
        "estimated ",
        "known ",
        "required ",
        "requested ",
        "agreed ",
        "customer ",
        "total ",
        "geplante ",
        "geplanter ",
        "geplantes ",
        "les ",
        "la ",
        "le ",
        "los ",
        "die ",
        "der ",
        "das ",
    ] {
        if let Some(field) = bare.strip_prefix(prefix).and_then(|rest| BY_LABEL.get(rest)) {
            return Some(*field);
        }
    }
    None
}

/// The label that was meant by a misspelt one, and its field: `Custmer`, `Go live traget`. Only a clear case counts: one
/// slip in a short word, two in a long one, and the first letter right.
pub(crate) fn lookup_misspelt(label: &str) -> Option<(Field, &'static str)> {
    let folded = fold(label);
    let length = folded.chars().count();
    if !(5..=30).contains(&length) || folded.split(' ').count() > 4 || !folded.is_ascii() {
        return None;
    }
    let allowed = if length < 8 { 1 } else { 2 };
    let mut best: Option<(usize, Field, &'static str)> = None;
    for (field, labels) in LABELS {
        for known in labels.split('|') {
            if known.len().abs_diff(length) > allowed || known.as_bytes().first() != folded.as_bytes().first()
            {
                continue;
            }
            let distance = distance(&folded, &fold(known));
            if distance <= allowed && best.is_none_or(|(least, _, _)| distance < least) {
                best = Some((distance, *field, known));
            }
        }
    }
    best.map(|(_, field, known)| (field, known))
}

/// Field names of CRMs (`Go_Live_Date__c`, `hs_go_live_date`, `goLiveDate`) as labels.
pub(crate) fn lookup_api_name(name: &str) -> Option<Field> {
    let name = name.strip_suffix("__c").or_else(|| name.strip_suffix("__r")).unwrap_or(name);
    let mut spaced = String::with_capacity(name.len() + 8);
    let mut previous = ' ';
    for c in name.chars() {
        if c.is_uppercase() && (previous.is_lowercase() || previous.is_ascii_digit()) {
            spaced.push(' ');
        }
        spaced.push(if c == '_' { ' ' } else { c });
        previous = c;
    }
    let folded = fold(&spaced);
    for prefix in
        ["", "hs ", "hubspot ", "deal ", "opportunity ", "onboarding ", "customer ", "expected ", "cs "]
    {
        let Some(rest) = folded.strip_prefix(prefix) else {
            continue;
        };
        if let Some(field) = lookup(rest) {
            return Some(field);
        }
        for suffix in [" text", " list", " notes", " c", " date", " name", " details", " provider", " count"]
        {
            if let Some(field) = rest.strip_suffix(suffix).and_then(lookup) {
                return Some(field);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_announces_two_things() {
        let mut seen: Vec<(String, Field)> = Vec::new();
        let mut twice = Vec::new();
        for (field, labels) in LABELS {
            for label in labels.split('|') {
                let folded = fold(label);
                match seen.iter().find(|(known, _)| *known == folded) {
                    Some((_, known)) if known != field => twice.push(label),
                    _ => seen.push((folded, *field)),
                }
            }
        }
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn knows_labels_in_several_languages_and_api_names() {
        assert_eq!(lookup("Go-Live-Termin"), Some(Field::GoLive));
        assert_eq!(lookup("Cas d’usage"), Some(Field::UseCases));
        assert_eq!(lookup("Patrocinador"), Some(Field::Person(R::ExecutiveSponsor)));
        assert_eq!(lookup("Whatever else"), None);
        assert_eq!(lookup_api_name("Go_Live_Date__c"), Some(Field::GoLive));
        assert_eq!(lookup_api_name("hs_next_step"), Some(Field::Notes));
        assert_eq!(lookup_api_name("ssoProvider"), Some(Field::Sso));
    }
}
