/// Every case, as a test of this engine.
macro_rules! conformance {
    ($harness:ty) => {
        cases! { $harness:
            appending::what_was_written_is_read_back_unchanged
            appending::an_old_version_is_stale
            appending::several_streams_are_written_together_or_not_at_all
            appending::a_stream_that_was_only_read_is_checked
            appending::a_refusal_is_checked_and_kept
            appending::long_streams_are_read_in_parts
            appending::streams_asked_for_at_once_are_each_their_own
            appending::a_log_that_is_opened_again_is_the_same
            appending::events_are_never_changed_past_the_port
            limits::the_largest_payload_fits_and_one_byte_more_does_not
            limits::a_command_has_a_limit_too
            repeating::the_same_key_gets_the_same_answer
            repeating::of_concurrent_duplicates_one_is_done
            repeating::old_answers_go_and_those_of_reactions_stay
            repeating::a_unique_key_is_taken_once
            repeating::of_rivals_for_a_unique_key_one_wins
            tailing::every_position_is_seen_once_in_order
            tailing::a_slow_transaction_hides_nothing
            cancelling::a_dropped_append_leaves_the_log_whole
            lookups::the_board_gives_the_oldest_first
            lookups::a_venue_names_its_vouchers_in_parts
            lookups::what_fell_due_is_found
            lookups::a_rebuild_is_seen_when_it_is_finished
            jobs::checkpoints_are_kept
            jobs::one_leads
            frameworks::cqrs_es_runs_over_our_store
            processes::four_processes_share_hot_streams
            model::random_commands_are_answered_as_by_the_model
            model::concurrent_commands_are_as_if_one_after_the_other
            processes::what_was_answered_survives_a_kill
            processes::a_killed_leader_is_succeeded
        }
    };
}

macro_rules! cases {
    ($harness:ty: $($subject:ident::$case:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            use super::super::$subject;
            let harness = <$harness as super::super::Harness>::fresh().await;
            $subject::$case(&harness).await;
        }
    )*};
}
