-- A copy of a database must never mail anybody.
UPDATE mailjet_account
   SET api_key = 'neutralized', api_secret = 'neutralized';
UPDATE mailjet_mailing
   SET state = 'cancelled', next_action_date = NULL
 WHERE state IN ('in_queue', 'preparing', 'sending');
