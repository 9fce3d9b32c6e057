//! What analysts see: documented views with instants as `timestamptz` and money as `numeric`.
//!
//! Each column stands in `infra/analysts.md`. A view reads one read model only, and is made anew
//! whenever that model's copies are switched.

/// Minor units of a currency of ISO 4217 as money: most have two decimals, some none, some three.
macro_rules! money {
    ($minor:literal, $currency:literal) => {
        concat!(
            "(",
            $minor,
            ") * CASE
             WHEN ",
            $currency,
            " IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG',
                 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 1
             WHEN ",
            $currency,
            " IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 0.001
             ELSE 0.01 END"
        )
    };
}

/// Microseconds as an instant.
macro_rules! instant {
    ($micros:literal) => {
        concat!(
            "timestamptz 'epoch' + ",
            $micros,
            " * interval '1 microsecond'"
        )
    };
}

/// The time of the query in microseconds.
macro_rules! now {
    () => {
        "CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS bigint)"
    };
}

/// A view: its name, and what it selects.
pub(super) type View = (&'static str, &'static str);

const DONOR_IMPACT: View =
    (
        "analyst_donor_impact",
        concat!(
        "SELECT network, key AS voucher_id, donor_id, prepayment_id, campaign, item_kind, venue_id,
                stage, expired_to, currency, ",
        money!("paid_minor", "currency"), " AS paid, ",
        money!("used_minor", "currency"), " AS used, ",
        money!("remaining_minor", "currency"), " AS remaining, ",
        money!("ended_minor", "currency"), " AS ended, ",
        money!("rehomed_to_fund_minor", "currency"), " AS rehomed_to_fund,
                rehomings, used_by_code > 0 AS is_used_by_code, used_month, ",
        instant!("prepaid_at"), " AS prepaid_at, ",
        instant!("expires_at"), " AS expires_at
         FROM donor_impact_voucher"
    ),
    );

const VENUE_AVAILABILITY: View = (
    "analyst_venue_availability",
    concat!(
        "SELECT h.network, h.key AS host_id, h.venue_id, h.place_id, h.name, h.kind,
                p.district_code, p.latitude * 0.000001 AS latitude,
                p.longitude * 0.000001 AS longitude, p.wheelchair, h.opening_hours, ",
        instant!("h.fresh_at"),
        " AS fresh_at, ",
        instant!("h.suspended_from"),
        " AS suspended_from, ",
        instant!("h.left_from"),
        " AS left_from,
                (SELECT COUNT(*) FROM venue_availability_item i
                 WHERE i.venue_id = h.venue_id AND i.delisted = 0) AS items,
                (SELECT COUNT(*) FROM venue_availability_service s
                 WHERE s.place_id = h.place_id
                   AND s.venue_id IS NOT DISTINCT FROM h.venue_id) AS services,
                n.currency, b.on_board, ",
        money!("b.on_board_minor", "n.currency"),
        " AS on_board_value,
                (SELECT CAST(COALESCE(SUM(redeemed), 0) AS bigint) FROM venue_availability_board r
                 WHERE r.venue_id = h.venue_id) AS redeemed
         FROM venue_availability_host h
         LEFT JOIN venue_availability_place p ON p.key = h.place_id
         LEFT JOIN (SELECT key, initiative::json -> 'founded' ->> 'currency' AS currency
                    FROM venue_availability_network) n ON n.key = h.network
         CROSS JOIN LATERAL (
             SELECT COUNT(*) AS on_board,
                    CAST(COALESCE(SUM(w.remaining_minor), 0) AS bigint) AS on_board_minor
             FROM venue_availability_waiting w
             JOIN venue_availability_board o ON o.key = w.board
             WHERE o.venue_id = h.venue_id
               AND (w.expires_at IS NULL OR w.expires_at > ",
        now!(),
        ")) b"
    ),
);

const DISTRICT_COVERAGE: View = (
    "analyst_district_coverage",
    concat!(
        "SELECT d.network, d.code, d.name, d.population,
                (SELECT COUNT(*) FROM district_coverage_venue v
                 JOIN district_coverage_place p ON p.key = v.place_id
                 WHERE p.network = d.network AND p.district_code = d.code
                   AND (v.left_from IS NULL OR v.left_from > ",
        now!(),
        ")) AS venues,
                (SELECT COUNT(*) FROM district_coverage_service s
                 JOIN district_coverage_place p ON p.key = s.place_id
                 WHERE p.network = d.network AND p.district_code = d.code) AS services,
                (SELECT COUNT(*) FROM district_coverage_waiting w
                 JOIN district_coverage_board b ON b.key = w.board
                 JOIN district_coverage_venue v ON v.key = b.venue_id
                 JOIN district_coverage_place p ON p.key = v.place_id
                 WHERE p.network = d.network AND p.district_code = d.code
                   AND (w.expires_at IS NULL OR w.expires_at > ",
        now!(),
        ")) AS on_board,
                (SELECT CAST(COALESCE(SUM(t.count), 0) AS bigint)
                 FROM district_coverage_turned_away t
                 JOIN district_coverage_venue v ON v.key = t.venue_id
                 JOIN district_coverage_place p ON p.key = v.place_id
                 WHERE p.network = d.network AND p.district_code = d.code) AS turned_away,
                r.requests_wanted, r.requests_unmet, r.requests_fulfilled, r.median_until_fulfilled
         FROM district_coverage_district d
         CROSS JOIN LATERAL (
             SELECT COUNT(*) FILTER (WHERE q.wanted = 1 AND q.until > ",
        now!(),
        ")
                        AS requests_wanted,
                    COUNT(*) FILTER (WHERE q.unmet = 1) AS requests_unmet,
                    COUNT(q.fulfilled_at) AS requests_fulfilled,
                    (percentile_disc(0.5) WITHIN GROUP (ORDER BY q.fulfilled_at - q.requested_at))
                        * interval '1 microsecond' AS median_until_fulfilled
             FROM district_coverage_request q
             WHERE q.network = d.network AND q.district_code = d.code) r"
    ),
);

/// The views that read this read model.
pub(super) fn of(read_model: &str) -> &'static [View] {
    match read_model {
        "donor_impact" => &[DONOR_IMPACT],
        "venue_availability" => &[VENUE_AVAILABILITY],
        "district_coverage" => &[DISTRICT_COVERAGE],
        _ => &[],
    }
}

/// Lets the analysts of this database read a view, if it has that role.
pub(super) fn grant(view: &str) -> String {
    format!(
        "DO $grant$ BEGIN
             IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_database() || '_analyst') THEN
                 EXECUTE format('GRANT SELECT ON {view} TO %I', current_database() || '_analyst');
             END IF;
         END $grant$"
    )
}
