from django.db import models


class EncryptedTextField(models.TextField):  # replaced by the encrypted field in the next commit
    pass
