"""What the Telegram side costs and bears: one table for each promise, beside a bare PTB bot in the same run."""
