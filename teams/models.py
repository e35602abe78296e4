"""People, and the border: workspaces, brands, memberships, invitations. Nothing crosses from one to another."""

from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import SameBorder, border_key
from core.models import Versioned
from teams.rules import Role

INVITATION_LIFE = timedelta(days=7)
# What is kept for good goes only with a whole workspace, or gives up only the name of a person who is deleted. The
# services that do this name the workspace or the person in these settings of their transaction; triggers ask for them.
ERASED_WORKSPACE, FORGOTTEN_PERSON = "sextant.erased_workspace", "sextant.forgotten_person"


def is_zone(value: str) -> None:
    """Refuse what is not the name of an IANA time zone."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError(_("“%(zone)s” is not a time zone."), params={"zone": value}) from None


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, who signs in with an e-mail address."""

    email = models.EmailField(
        _("e-mail address"), max_length=254, unique=True, error_messages={"unique": _("This address is in use.")}
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[is_zone])
    is_staff = models.BooleanField(_("site admin"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            # Addresses are compared without regard to case, so they are kept in lower case.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email


def public_name(person: User) -> str:
    """What a person is called in what others may read: never by the e-mail address."""
    return person.name or str(_("a member without a name"))


class Workspace(models.Model):
    """The tenant: one company or agency."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(max_length=60, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class Brand(Versioned):
    """What is marketed. A branch or a region names its parent brand."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="brands", db_index=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("parent brand")
    )
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(max_length=60)
    website = models.URLField(_("website"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[is_zone])
    first_weekday = models.PositiveSmallIntegerField(
        _("first day of the week"), choices=[(0, _("Monday")), (5, _("Saturday")), (6, _("Sunday"))], default=0
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            border_key("workspace", name="brand_border"),
            SameBorder("workspace", "parent", name="brand_parent_same_workspace"),
            models.UniqueConstraint(fields=["workspace", "slug"], name="brand_slug_unique"),
            models.UniqueConstraint(
                "workspace",
                Lower("name"),
                name="brand_name_unique",
                violation_error_message=_("This workspace already has a brand of that name."),
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="brand_not_own_parent",
                violation_error_message=_("A brand cannot be its own parent."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def for_brand(self, brand: Brand) -> Self:
        """Those who may open the brand: the members of its workspace, without the guests limited to other brands."""
        limits = MembershipBrand.objects.filter(membership=models.OuterRef("pk"), brand=brand)
        return self.filter(models.Q(is_limited=False) | models.Exists(limits), workspace_id=brand.workspace_id)


class Membership(models.Model):
    """A person in a workspace, with one role. A guest may be limited to some of its brands.

    That there is a limit is kept apart from the brands, so that a guest whose last brand is gone sees none, not all.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=7, choices=Role)
    is_limited = models.BooleanField(_("limited to some brands"), default=False)
    brands = models.ManyToManyField(
        Brand, through="MembershipBrand", related_name="limited_memberships", verbose_name=_("brands")
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            border_key("workspace", name="membership_border"),
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_unique"),
            models.CheckConstraint(
                condition=models.Q(is_limited=False) | models.Q(role="guest"), name="membership_only_guests_are_limited"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def may_open(self, brand_id: int) -> bool:
        """Whether a brand of the workspace is open to this member; asks nothing when `brands` was fetched before."""
        return not self.is_limited or any(brand.pk == brand_id for brand in self.brands.all())


class MembershipBrand(models.Model):
    """A brand that a guest may open although limited."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+", db_index=False)
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "brand"], name="membership_brand_unique"),
            SameBorder("workspace", "membership", name="membership_brand_same_workspace"),
            SameBorder("workspace", "brand", name="membership_brand_brand_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} · {self.brand_id}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self, now: datetime) -> Self:
        return self.filter(accepted_at__isnull=True, canceled_at__isnull=True, expires_at__gt=now)


class Invitation(models.Model):
    """An invitation to one address, for one role, good once and for seven days. Only a hash of its token is kept."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations", db_index=False)
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=7, choices=Role)
    is_limited = models.BooleanField(_("limited to some brands"), default=False)
    brands = models.ManyToManyField(Brand, through="InvitationBrand", related_name="+", verbose_name=_("brands"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    canceled_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            border_key("workspace", name="invitation_border"),
            models.UniqueConstraint(
                "workspace",
                Lower("email"),
                name="invitation_one_open",
                condition=models.Q(accepted_at__isnull=True, canceled_at__isnull=True),
                violation_error_message=_("This address was invited already."),
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(canceled_at__isnull=True),
                name="invitation_not_both_accepted_and_canceled",
            ),
            models.CheckConstraint(
                condition=models.Q(is_limited=False) | models.Q(role="guest"), name="invitation_only_guests_are_limited"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and self.canceled_at is None and now < self.expires_at


class InvitationBrand(models.Model):
    """A brand that a guest may open once the invitation is accepted."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="+", db_index=False)
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "brand"], name="invitation_brand_unique"),
            SameBorder("workspace", "invitation", name="invitation_brand_same_workspace"),
            SameBorder("workspace", "brand", name="invitation_brand_brand_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} · {self.brand_id}"
