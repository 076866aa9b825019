-- A copy of a database must never mail anybody: it has neither keys nor an account that
-- is its own, and nothing on its way. What had not left for certain is as if it had never
-- been started, so that nothing of it can be found at Mailjet, or be sent again.
UPDATE mailjet_account
   SET api_key = NULL, api_secret = NULL, database_uuid = NULL, database_mark = NULL,
       webhook_token = NULL, webhook_password = NULL, webhook_date = NULL,
       webhook_replaced = NULL, health_test_id = NULL, health_test_date = NULL, health_test_email = NULL,
       push_exclusions = FALSE, exclusion_jobs = NULL;
DELETE FROM mailjet_suppression WHERE todo = 'exclude';
UPDATE mailjet_suppression SET todo = NULL WHERE todo IS NOT NULL;
-- Whoever has the copy could otherwise make links that work in the original.
DELETE FROM mailjet_preference_key;
DELETE FROM mailjet_list;
DELETE FROM mailjet_upload;
UPDATE mailjet_recipient r
   SET status = 'pending', failure_reason = NULL
  FROM mailjet_mailing m
 WHERE m.id = r.mailing_id AND m.state <> 'done' AND r.status <> 'pending'
   AND NOT EXISTS (SELECT FROM mailjet_campaign c
                    WHERE c.id = r.campaign_id AND c.state = 'done');
DELETE FROM mailjet_campaign c USING mailjet_mailing m
 WHERE m.id = c.mailing_id AND m.state <> 'done' AND c.state <> 'done';
-- Of several campaigns, those that were sent are all that the mailing consists of.
UPDATE mailjet_mailing m
   SET state = 'done', delivery_step = NULL, delivery_facts = NULL, is_stalled = FALSE,
       needs_confirmation = FALSE, reschedule_date = NULL, undo_date = NULL
 WHERE state <> 'done' AND EXISTS (SELECT FROM mailjet_campaign c
                                    WHERE c.mailing_id = m.id);
UPDATE mailjet_mailing
   SET schedule_type = 'now', schedule_date = NULL, sent_date = NULL,
       delivery_step = NULL, delivery_facts = NULL, is_stalled = FALSE,
       send_requested_date = NULL, attempt = 1, mailjet_schedule_date = NULL,
       reschedule_date = NULL, undo_date = NULL, undone_by_id = NULL,
       needs_confirmation = FALSE, sent_count = 0, failed_count = 0,
       state = CASE state WHEN 'draft' THEN 'draft' ELSE 'cancelled' END
 WHERE state <> 'done';
UPDATE mailjet_campaign SET next_action_date = NULL WHERE next_action_date IS NOT NULL;
