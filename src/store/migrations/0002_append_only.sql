-- The journal is append-only: no row of it is changed or removed, by whichever program.
-- An archive by age, should there be one, drops `exchange_no_delete`, `outcome_no_delete` and (never) the others inside
-- one transaction, removes what the archive file holds and verifies, and creates them again before it commits; the rows
-- of `chain` stay, so that the chain is unbroken.
CREATE TRIGGER `exchange_no_update` BEFORE UPDATE ON `exchange` BEGIN
	SELECT RAISE(ABORT, 'The journal is append-only: an exchange is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `exchange_no_delete` BEFORE DELETE ON `exchange` BEGIN
	SELECT RAISE(ABORT, 'The journal is append-only: an exchange is never removed');
END;--> statement-breakpoint
CREATE TRIGGER `outcome_no_update` BEFORE UPDATE ON `outcome` BEGIN
	SELECT RAISE(ABORT, 'The journal is append-only: an outcome is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `outcome_no_delete` BEFORE DELETE ON `outcome` BEGIN
	SELECT RAISE(ABORT, 'The journal is append-only: an outcome is never removed');
END;--> statement-breakpoint
CREATE TRIGGER `chain_no_update` BEFORE UPDATE ON `chain` BEGIN
	SELECT RAISE(ABORT, 'The journal is append-only: a link of the chain is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `chain_no_delete` BEFORE DELETE ON `chain` BEGIN
	SELECT RAISE(ABORT, 'The journal is append-only: a link of the chain is never removed');
END;
