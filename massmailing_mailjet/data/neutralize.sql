-- A copy of a database must never mail anybody: it has neither keys nor an account that
-- is its own, and nothing on its way.
UPDATE mailjet_account
   SET api_key = 'neutralized', api_secret = 'neutralized', database_uuid = NULL,
       webhook_token = NULL, webhook_password = NULL, push_exclusions = FALSE;
UPDATE mailjet_mailing
   SET state = 'cancelled', next_action_date = NULL, is_late = FALSE
 WHERE state IN ('in_queue', 'preparing', 'sending');
